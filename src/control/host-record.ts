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

  constructor(host: Host, nowMs: number) {
    this.host = host;
    this.reachability = { kind: host.disabled ? 'disabled' : 'connecting', sinceMs: nowMs };
  }

  isReachable(): boolean {
    return this.reachability.kind === 'reachable';
  }

  view(): HostView {
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
