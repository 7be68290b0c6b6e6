import type { Clock } from '../clock.ts';
import type { Action } from '../fleet/action.ts';
import type { Happening } from '../fleet/happening.ts';
import type { Host, Reachability } from '../fleet/host.ts';
import { inEnglish, type Said, said, type Told, told } from '../fleet/said.ts';
import type { Schedule } from '../fleet/schedule.ts';
import { tellsOnlyStatus } from '../fleet/spawn-error.ts';
import type { LinkProcess } from '../links/host-link.ts';
import { isCrash } from './beats.ts';
import { Subscribers } from './subscribers.ts';

const KEPT = 200;

/** The latest happenings of the fleet, newest first. */
export class Lately {
  readonly added: Subscribers<Happening>;
  readonly #clock: Clock;
  #nextId = 1;
  #ring: Happening[] = [];

  constructor(clock: Clock, bug: (error: unknown) => void) {
    this.#clock = clock;
    this.added = new Subscribers(bug);
  }

  all(): readonly Happening[] {
    return this.#ring;
  }

  processChanged(host: Host, process: LinkProcess): void {
    if (process.state === 'STARTING' || process.state === 'STOPPING') return;
    const name = process.group === process.name ? process.name : `${process.group}:${process.name}`;
    const address = `${encodeURIComponent(host.name)}/${encodeURIComponent(`${process.group}:${process.name}`)}`;
    this.#add({
      kind: 'process',
      mark: process.state,
      ...(process.state === 'EXITED' && isCrash(process) ? { crashed: true } : {}),
      title: name,
      detail: `${host.name}: ${describeProcess(process)}`,
      ...reasonSaid(process),
      link: `/processes/${address}`,
    });
  }

  hostChanged(host: Host, reachability: Reachability): void {
    const away = reachability.kind === 'unreachable';
    if (!away && reachability.kind !== 'reachable') return;
    const why: Told = away ? reachability.failure : told('lately.answers');
    this.#add({
      kind: 'host',
      mark: reachability.kind,
      title: host.name,
      detail: why.says,
      ...(why.said === undefined ? {} : { said: why.said }),
      link: `/hosts/${encodeURIComponent(host.name)}`,
    });
  }

  actionBegan(action: Action): void {
    const count = action.targets.length;
    this.#add({
      kind: 'action',
      mark: action.verb,
      title: `${action.verb} ${action.selector}`,
      detail: `${count} ${count === 1 ? 'process' : 'processes'}, by ${action.by}`,
      link: `/actions/${action.id}`,
    });
  }

  scheduleNotDone({ name }: Pick<Schedule, 'name'>, state: 'done' | 'failed' | 'skipped', why: Told): void {
    this.#add({
      kind: 'schedule',
      mark: state,
      title: name,
      detail: why.says,
      ...(why.said === undefined ? {} : { said: why.said }),
      link: '/schedules',
    });
  }

  #add(happening: Omit<Happening, 'id' | 'atMs'>): void {
    const whole = { id: this.#nextId++, atMs: this.#clock.wallMs(), ...happening };
    this.#ring = [whole, ...this.#ring].slice(0, KEPT);
    this.added.tell(whole);
  }
}

/** How a process came to where it is: `EXITED, exit status 1`. */
export function describeProcess(process: LinkProcess): string {
  return [process.state, reasonOf(process)].filter((part) => part !== '').join(', ');
}

function reasonOf(process: LinkProcess): string {
  const { said: why } = reasonSaid(process);
  if (why !== undefined) return inEnglish(why);
  return process.state === 'RUNNING' ? '' : process.spawnError;
}

function reasonSaid({ spawnError, state, exitSignal, exitStatus }: LinkProcess): { readonly said?: Said } {
  if (state !== 'EXITED' && state !== 'BACKOFF') return {};
  if (spawnError !== '' && !tellsOnlyStatus(spawnError)) return {};
  if (exitSignal !== null) return { said: said('lately.killed', { signal: exitSignal }) };
  if (exitStatus === null) return {};
  return { said: exitStatus < 0 ? said('lately.signalled') : said('lately.exited', { status: exitStatus }) };
}
