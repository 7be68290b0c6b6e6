import type { Action, HostView } from '../../api/contract.ts';
import { type ProcessView, processKey } from '../../fleet/process.ts';
import type { FleetDelta, LatelyEvent } from '../../live/contract.ts';
import type { FleetNow } from '../fleet-now.ts';
import { type World, worldOf } from '../view/world.ts';
import { HeldOver } from './held-over.ts';

const LATELY_KEPT = 60;
const ACTIONS_KEPT = 100;

const byNewest = (a: Action, b: Action): number => b.startedAtMs - a.startedAtMs;

/** The fleet as this browser has it: one snapshot, then deltas. A gap asks for a new snapshot. */
class FleetStore {
  #hosts = new Map<string, HostView>();
  #processes = new Map<string, ProcessView>();
  #lately: readonly LatelyEvent[] = [];
  #actions: readonly Action[] = [];
  #seq = -1;
  #atMs = 0;
  #skewMs = 0;
  #world: World | null = null;
  /** What changed since `world` was made: processes or hosts, or only what is told of them. */
  #stale: 'fleet' | 'told' | null = 'fleet';
  readonly #heldOver = new HeldOver();
  readonly #listeners = new Set<() => void>();

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Null until the first snapshot came. */
  get world(): World | null {
    if (this.#seq < 0) return null;
    const before = this.#world;
    if (this.#stale === 'fleet' || before === null) this.#world = worldOf(this.#now(), before ?? undefined);
    else if (this.#stale === 'told') this.#world = { ...before, fleet: { ...before.fleet, ...this.#told() } };
    this.#stale = null;
    return this.#world;
  }

  /** The hub's wall clock, by this machine's clock and what the hub said last. */
  get nowMs(): number {
    return Date.now() + this.#skewMs;
  }

  get atMs(): number {
    return this.#atMs;
  }

  snapshot(fleet: FleetNow): void {
    this.#hosts = new Map(fleet.hosts.map((host) => [host.id, host]));
    const now = new Map(fleet.processes.map((process) => [processKey(process), process]));
    const held = this.#heldOver.from(this.#processes.values(), fleet.hosts, new Set(now.keys()));
    for (const process of held) now.set(processKey(process), process);
    this.#processes = now;
    this.#lately = fleet.lately;
    this.#actions = fleet.actions;
    this.#seq = fleet.seq;
    this.#stale = 'fleet';
    this.#heard(fleet.atMs);
  }

  /** False: one is missing, the snapshot has to come again. */
  delta(delta: FleetDelta): boolean {
    if (delta.seq <= this.#seq) return true;
    if (delta.seq !== this.#seq + 1) return false;
    this.#seq = delta.seq;
    for (const host of delta.hosts) this.#hosts.set(host.id, host);
    for (const process of delta.processes) this.#processes.set(processKey(process), process);
    for (const id of delta.goneHosts) this.#hosts.delete(id);
    for (const key of delta.goneProcesses) this.#processes.delete(key);
    for (const key of this.#heldOver.told(delta.hosts, delta.processes)) this.#processes.delete(key);
    this.#stale = 'fleet';
    this.#heard(delta.atMs);
    return true;
  }

  lately(event: LatelyEvent): void {
    this.#lately = [event, ...this.#lately.filter(({ id }) => id !== event.id)].slice(0, LATELY_KEPT);
    this.#heard(this.nowMs);
  }

  action(action: Action): void {
    const known = this.#actions.some(({ id }) => id === action.id);
    this.#actions = known
      ? this.#actions.map((one) => (one.id === action.id ? action : one))
      : [action, ...this.#actions].sort(byNewest).slice(0, ACTIONS_KEPT);
    this.#heard(this.nowMs);
  }

  #heard(atMs: number): void {
    this.#atMs = atMs;
    this.#skewMs = atMs - Date.now();
    this.#stale ??= 'told';
    for (const listener of this.#listeners) listener();
  }

  #told(): Pick<FleetNow, 'atMs' | 'seq' | 'lately' | 'actions'> {
    return { atMs: this.#atMs, seq: this.#seq, lately: this.#lately, actions: this.#actions };
  }

  #now(): FleetNow {
    return {
      ...this.#told(),
      hosts: [...this.#hosts.values()],
      processes: [...this.#processes.values()],
    };
  }
}

export const store = new FleetStore();
