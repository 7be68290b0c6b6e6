import type { FleetChange, FleetState } from '../control/fleet-state.ts';
import type { ProcessHappened } from '../fleet/event.ts';
import type { HostView } from '../fleet/host.ts';
import { type ProcessView, processKey } from '../fleet/process.ts';
import type { Evaluator } from './evaluator.ts';

export type WatchedFleet = Pick<
  FleetState,
  'changes' | 'happened' | 'host' | 'hosts' | 'process' | 'processesOf' | 'restartsOf'
>;

/** Shows the evaluator the fleet as it changes. */
export class FleetWatch {
  readonly #fleet: WatchedFleet;
  readonly #evaluator: Evaluator;
  /** What of each host decides which rules count for its processes, as it was shown last. */
  readonly #hosts = new Map<string, string>();
  readonly #ends: readonly (() => void)[];

  constructor(fleet: WatchedFleet, evaluator: Evaluator) {
    this.#fleet = fleet;
    this.#evaluator = evaluator;
    this.#ends = [
      fleet.happened.add((event) => this.#happened(event)),
      fleet.changes.add((change) => this.#changed(change)),
    ];
  }

  close(): void {
    for (const end of this.#ends) end();
  }

  /** Everything as it is now. */
  showAll(): void {
    for (const host of this.#fleet.hosts()) {
      this.#showHost(host);
      this.#showProcesses(this.#fleet.processesOf(host.id));
    }
  }

  #changed({ hosts, goneHosts, processes, goneProcesses }: FleetChange): void {
    for (const id of goneHosts) this.#goneHost(id);
    for (const key of goneProcesses) this.#gone(key);
    const anew = hosts.filter((host) => this.#showHost(host));
    for (const { id } of anew) this.#showProcesses(this.#fleet.processesOf(id));
    this.#showProcesses(processes);
  }

  /** True: its processes are to be shown again. */
  #showHost(host: HostView): boolean {
    this.#evaluator.seeHost(host);
    if (host.reachability.kind === 'reachable' && host.facts !== null) this.#dropStrangers(host.id);
    const { name, environment, tags, maintenance } = host;
    const now = JSON.stringify([name, environment, tags, maintenance !== undefined]);
    const before = this.#hosts.get(host.id);
    this.#hosts.set(host.id, now);
    return before !== undefined && before !== now;
  }

  /** What a host no longer has since before this hub started was never told as gone. */
  #dropStrangers(hostId: string): void {
    for (const name of this.#evaluator.watchedOn(hostId))
      if (this.#fleet.process(`${hostId}/${name}`) === null) this.#evaluator.goneProcess(hostId, name);
  }

  /** Those of one host stand together. */
  #showProcesses(processes: readonly ProcessView[]): void {
    let host: HostView | null = null;
    for (const process of processes) {
      if (host?.id !== process.hostId) host = this.#fleet.host(process.hostId);
      if (host === null) continue;
      this.#evaluator.seeProcess(host, process, this.#fleet.restartsOf(processKey(process)));
    }
  }

  #happened(event: ProcessHappened): void {
    const host = this.#fleet.host(event.hostId);
    if (host === null) return;
    const named = { group: event.group, name: event.process };
    const isTrouble = event.crashed || event.state === 'FATAL';
    const crash = isTrouble ? this.#fleet.process(processKey({ ...named, hostId: event.hostId })) : null;
    this.#evaluator.seeState(host, named, { ...event, crash: crash?.crash ?? null });
  }

  #goneHost(id: string): void {
    this.#hosts.delete(id);
    this.#evaluator.goneHost(id);
  }

  #gone(key: string): void {
    const slash = key.indexOf('/');
    this.#evaluator.goneProcess(key.slice(0, slash), key.slice(slash + 1));
  }
}
