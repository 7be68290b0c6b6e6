import type { HostView } from '../fleet/host.ts';
import { type ProcessView, processKey } from '../fleet/process.ts';
import type { FleetDelta } from './contract.ts';

/** A browser that is this far behind is better served with everything anew. */
const MOST_ENTRIES = 5_000;

type Change = Omit<FleetDelta, 'seq'>;

/** Changes that wait for a browser to take them; the later word about a thing replaces the earlier. */
export class MergedDelta {
  readonly #hosts = new Map<string, HostView | null>();
  readonly #processes = new Map<string, ProcessView | null>();
  #atMs = 0;
  #lost = false;

  add(change: Change): void {
    this.#atMs = change.atMs;
    for (const host of change.hosts) this.#hosts.set(host.id, host);
    for (const id of change.goneHosts) this.#hosts.set(id, null);
    for (const process of change.processes) this.#processes.set(processKey(process), process);
    for (const key of change.goneProcesses) this.#processes.set(key, null);
    if (this.#processes.size + this.#hosts.size > MOST_ENTRIES) this.#lose();
  }

  isEmpty(): boolean {
    return !this.#lost && this.#hosts.size === 0 && this.#processes.size === 0;
  }

  /** Hands over everything; `lost`: too much came together and was dropped. */
  take(): { readonly change: Change; readonly lost: boolean } {
    const change: Change = {
      atMs: this.#atMs,
      hosts: present(this.#hosts),
      goneHosts: gone(this.#hosts),
      processes: present(this.#processes),
      goneProcesses: gone(this.#processes),
    };
    const lost = this.#lost;
    this.#clear();
    this.#lost = false;
    return { change, lost };
  }

  #lose(): void {
    this.#clear();
    this.#lost = true;
  }

  #clear(): void {
    this.#hosts.clear();
    this.#processes.clear();
  }
}

const present = <T>(map: ReadonlyMap<string, T | null>): T[] =>
  [...map.values()].filter((value) => value !== null);
const gone = (map: ReadonlyMap<string, unknown>): string[] =>
  [...map].filter(([, value]) => value === null).map(([key]) => key);
