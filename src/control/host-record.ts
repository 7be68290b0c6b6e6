import type { Host, HostFacts, HostView, Reachability } from '../fleet/host.ts';
import type { LastKnown } from '../fleet/last-known.ts';
import type { UsageGlance } from '../fleet/metrics.ts';
import type { ProcessRecord } from './process-record.ts';

/** Everything the hub knows of one host; its processes by `group:name`. */
export class HostRecord {
  host: Host;
  reachability: Reachability;
  facts: HostFacts | null = null;
  lastSeenMs: number | null = null;
  /** As of the last full minute. */
  usage: UsageGlance | null = null;
  readonly processes = new Map<string, ProcessRecord>();
  /** As the hub before this one knew it, as long as the host is away. */
  #awaySinceMs: number | null = null;
  /** What was shown last, and of which host. */
  #view: HostView | null = null;
  #viewed: Host | null = null;

  constructor(host: Host, nowMs: number) {
    this.host = host;
    this.reachability = { kind: host.disabled ? 'disabled' : 'connecting', sinceMs: nowMs };
  }

  /** Takes over whether it can be talked to; who was away before the hub began is away since then. */
  become(reachability: Reachability): void {
    if (reachability.kind === 'reachable') this.#awaySinceMs = null;
    const sinceMs = Math.min(reachability.sinceMs, this.#awaySinceMs ?? Number.POSITIVE_INFINITY);
    this.reachability =
      reachability.kind === 'unreachable' && sinceMs < reachability.sinceMs
        ? { ...reachability, sinceMs }
        : reachability;
  }

  /** All of it that its host told; null: nothing yet. */
  known(): LastKnown | null {
    const { facts, lastSeenMs, reachability, processes } = this;
    if (facts === null || lastSeenMs === null) return null;
    return {
      seenAtMs: lastSeenMs,
      unreachableSinceMs: reachability.kind === 'unreachable' ? reachability.sinceMs : null,
      facts,
      processes: [...processes.values()].map(({ now }) => now),
    };
  }

  /** Puts back what the host told an earlier hub, but for its processes. */
  recall({ facts, seenAtMs, unreachableSinceMs }: LastKnown): void {
    this.facts = facts;
    this.lastSeenMs = seenAtMs;
    this.#awaySinceMs = unreachableSinceMs;
  }

  isReachable(): boolean {
    return this.reachability.kind === 'reachable';
  }

  /** The same object until something of it changes: it is asked for far more often. */
  view(): HostView {
    if (this.#view === null || !this.#isStill(this.#view)) {
      this.#viewed = this.host;
      this.#view = this.#newView();
    }
    return this.#view;
  }

  #isStill({ reachability, facts, lastSeenMs, processCount, usage }: HostView): boolean {
    return (
      this.#viewed === this.host &&
      reachability === this.reachability &&
      facts === this.facts &&
      lastSeenMs === this.lastSeenMs &&
      processCount === this.processes.size &&
      usage === (this.usage ?? undefined)
    );
  }

  #newView(): HostView {
    return {
      ...this.host,
      reachability: this.reachability,
      facts: this.facts,
      lastSeenMs: this.lastSeenMs,
      processCount: this.processes.size,
      ...(this.usage === null ? {} : { usage: this.usage }),
    };
  }
}

export const nameOf = (process: { readonly group: string; readonly name: string }): string =>
  `${process.group}:${process.name}`;
