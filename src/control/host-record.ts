import type { Host, HostFacts, HostView, Reachability } from '../fleet/host.ts';
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
  /** What was shown last, and of which host. */
  #view: HostView | null = null;
  #viewed: Host | null = null;

  constructor(host: Host, nowMs: number) {
    this.host = host;
    this.reachability = { kind: host.disabled ? 'disabled' : 'connecting', sinceMs: nowMs };
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
