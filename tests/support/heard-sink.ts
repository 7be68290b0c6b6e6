import type { HostFacts, Reachability } from '../../src/fleet/host.ts';
import type { LinkProcess, LinkSink } from '../../src/links/host-link.ts';

export type Heard =
  | { readonly kind: 'reachability'; readonly hostId: string; readonly reachability: Reachability }
  | {
      readonly kind: 'snapshot';
      readonly hostId: string;
      readonly facts: HostFacts;
      readonly names: readonly string[];
    }
  | {
      readonly kind: 'changed';
      readonly hostId: string;
      readonly process: LinkProcess;
      readonly lastLines: readonly string[] | null;
    }
  | { readonly kind: 'group-removed'; readonly hostId: string; readonly group: string };

/** Keeps everything links tell, in order, and what they add up to per host. */
export class HeardSink implements LinkSink {
  readonly all: Heard[] = [];
  /** Times a host was told to be fresh, without news. */
  heardCount = 0;
  readonly metricsOf = new Map<string, ReadonlyMap<string, readonly [number, number]>>();
  readonly #reachability = new Map<string, Reachability>();
  readonly #facts = new Map<string, HostFacts>();
  readonly #processes = new Map<string, Map<string, LinkProcess>>();

  reachability(hostId: string, reachability: Reachability): void {
    this.#reachability.set(hostId, reachability);
    this.all.push({ kind: 'reachability', hostId, reachability });
  }

  snapshot(hostId: string, facts: HostFacts, processes: readonly LinkProcess[]): void {
    this.#facts.set(hostId, facts);
    this.#processes.set(hostId, new Map(processes.map((one) => [`${one.group}:${one.name}`, one])));
    this.all.push({ kind: 'snapshot', hostId, facts, names: [...this.#ofHost(hostId).keys()] });
  }

  changed(hostId: string, process: LinkProcess, lastLines: readonly string[] | null): void {
    this.#ofHost(hostId).set(`${process.group}:${process.name}`, process);
    this.all.push({ kind: 'changed', hostId, process, lastLines });
  }

  groupRemoved(hostId: string, group: string): void {
    const processes = this.#ofHost(hostId);
    for (const [key, process] of processes) if (process.group === group) processes.delete(key);
    this.all.push({ kind: 'group-removed', hostId, group });
  }

  metrics(hostId: string, of: ReadonlyMap<string, readonly [number, number]>): void {
    this.metricsOf.set(hostId, of);
  }

  heard(): void {
    this.heardCount++;
  }

  /** `reachable`, `unreachable refused`, … as last told. */
  reach(hostId: string): string {
    const now = this.#reachability.get(hostId);
    return now?.kind === 'unreachable' ? `unreachable ${now.failure.kind}` : (now?.kind ?? 'nothing');
  }

  says(hostId: string): string {
    const now = this.#reachability.get(hostId);
    return now?.kind === 'unreachable' ? now.failure.says : '';
  }

  mend(hostId: string): string {
    const now = this.#reachability.get(hostId);
    return now?.kind === 'unreachable' ? now.failure.mend : '';
  }

  facts(hostId: string): HostFacts | undefined {
    return this.#facts.get(hostId);
  }

  process(hostId: string, key: string): LinkProcess | undefined {
    return this.#processes.get(hostId)?.get(key);
  }

  keys(hostId: string): string[] {
    return [...this.#ofHost(hostId).keys()].sort();
  }

  /** States of one process in the order they were told as changes. */
  statesOf(key: string): string[] {
    return this.all.flatMap((heard) =>
      heard.kind === 'changed' && `${heard.process.group}:${heard.process.name}` === key
        ? [heard.process.state]
        : [],
    );
  }

  #ofHost(hostId: string): Map<string, LinkProcess> {
    const processes = this.#processes.get(hostId) ?? new Map<string, LinkProcess>();
    this.#processes.set(hostId, processes);
    return processes;
  }
}
