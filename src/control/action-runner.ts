import type { Clock } from '../clock.ts';
import {
  type Action,
  type ActionHead,
  type ActionTarget,
  type Outcome,
  type Plan,
  waitsForApproval,
} from '../fleet/action.ts';
import { endedAs } from '../fleet/outcome.ts';
import { AT_ONCE } from '../fleet/pace.ts';
import { type Told, told } from '../fleet/said.ts';
import type { HostLink } from '../links/host-link.ts';
import type { ActionMarks, Sent } from '../store/action-marks.ts';
import type { Actions, OnceKey } from '../store/actions.ts';
import { Approvals } from './approvals.ts';
import { type Held, runBatches } from './batch-loop.ts';
import type { FleetState } from './fleet-state.ts';
import { type Job, type JobPorts, keyOf, working } from './job.ts';
import { Journal } from './journal.ts';
import { Lines } from './lines.ts';
import { asking, newAction } from './new-action.ts';
import { runJob } from './run-job.ts';
import { RunningAction } from './running-action.ts';
import { Subscribers } from './subscribers.ts';
import { Turns } from './turns.ts';

const CALLS_PER_HOST = 4;
const KEPT_IN_MEMORY = 40;
/** Every browser is sent all that is kept: forty actions on a large fleet would be a hundred megabytes. */
const TARGETS_KEPT = 5_000;
/** An action that has lain still for longer is not gone on with unasked: the fleet is another one by now. */
const RESUMED_UNASKED_MS = 15 * 60_000;

export interface ActionRunnerPorts {
  readonly store: Actions;
  readonly marks: ActionMarks;
  readonly fleet: FleetState;
  readonly clock: Clock;
  link(hostId: string): HostLink | null;
  /** Why this action's owner may not go on with it, or null; asked before anything is begun. */
  forbidden(action: Action): Told | null;
  readonly bug: (error: unknown) => void;
}

/** What an action may have from its beginning besides its plan and its owner. */
export type MoreOfAction = Pick<Action, 'approval' | 'schedule'>;

/** An action as it is kept: its targets are put together while they are read, each time anew. */
export interface ReadAction {
  readonly head: ActionHead;
  targets(): Iterable<ActionTarget>;
}

function readFrom({ targets, ...head }: Action): ReadAction {
  return { head, targets: () => targets };
}

/**
 * Runs fleet actions: one job per target, batch by batch, a few calls at a time to each host, and one outcome each.
 * An action is a row before anything is sent, and so is each call; one that an ended hub left is gone on with.
 */
export class ActionRunner {
  /** An action changed; merged, so that a thousand outcomes are a few messages. */
  readonly changes: Subscribers<Action>;
  readonly #ports: ActionRunnerPorts;
  readonly #jobPorts: JobPorts;
  readonly #journal: Journal;
  readonly #lines = new Lines();
  readonly #running = new Map<string, RunningAction>();
  readonly #held = new Map<string, () => void>();
  readonly #approvals: Approvals;
  #latest: Action[];

  constructor(ports: ActionRunnerPorts) {
    this.#ports = ports;
    this.changes = new Subscribers(ports.bug);
    this.#journal = new Journal(ports.marks, ports.clock, ports.bug);
    this.#approvals = new Approvals(ports.clock);
    const { fleet, clock } = ports;
    this.#jobPorts = { fleet, clock, link: (id) => ports.link(id), turns: new Turns(CALLS_PER_HOST) };
    const { store } = ports;
    const heads = worthKeeping(store.heads(null, KEPT_IN_MEMORY), ({ id }) => store.targetCount(id));
    this.#latest = heads.flatMap(({ id }) => store.byId(id) ?? []);
  }

  /**
   * Goes on with what an ended hub left: asks what became of the calls that may have been sent, sends none of them
   * again, and begins the rest, or waits to be told to. To be called once the links are being opened.
   */
  resume(): void {
    const { store, marks, clock } = this.#ports;
    for (const { action, touchedAtMs } of store.unfinished()) {
      const idleSinceMs = Math.max(touchedAtMs, action.progress?.untilMs ?? 0);
      const isOld = clock.wallMs() - idleSinceMs > RESUMED_UNASKED_MS;
      const asks = waitsForApproval(action)
        ? null
        : isOld || action.pace?.resume === 'ask' || action.progress?.phase === 'asking'
          ? `the hub was restarted${isOld ? ' long' : ''} after this began`
          : null;
      this.#begin(action, marks.of(action.id), asks);
    }
  }

  /**
   * Begins at once, or once a second person approved, and returns the action as it is then; the same key again
   * returns the same action.
   */
  run(plan: Plan, by: string, once: OnceKey | null = null, more: MoreOfAction = {}): Action {
    const known = once === null ? null : this.byKey(by, once.key);
    if (known !== null) return known.action;
    const action = { ...newAction(plan, by, this.#ports.clock.wallMs()), ...more };
    this.#ports.store.add(action, once);
    this.#remember(action);
    this.#ports.fleet.lately.actionBegan(action);
    if (action.finishedAtMs === null) this.#begin(action, new Map(), null);
    this.changes.tell(action);
    return action;
  }

  /** The action a person began with this idempotency key, and the hash of what was asked for. */
  byKey(by: string, key: string): { readonly action: Action; readonly requestHash: string } | null {
    const found = this.#ports.store.byKey(by, key);
    return found === null ? null : { ...found, action: this.byId(found.action.id) ?? found.action };
  }

  /** Begins no more targets; those begun are seen through. Null: no such action. */
  cancel(id: string, by: string): Action | null {
    this.#running.get(id)?.cancel(by);
    return this.byId(id);
  }

  /** Goes on with an action that asks whether to. Null: no such action. */
  goOn(id: string): Action | null {
    this.#held.get(id)?.();
    this.#held.delete(id);
    return this.byId(id);
  }

  /** Lets another person's action go ahead, exactly as it was asked for. False: it does not wait (any more). */
  approve(id: string, by: string): boolean {
    return this.#approvals.approve(id, by);
  }

  /** Ends another person's action before anything of it is done. False: it does not wait (any more). */
  decline(id: string, by: string, says: string): boolean {
    return this.#approvals.decline(id, by, says);
  }

  byId(id: string): Action | null {
    return this.#known(id) ?? this.#ports.store.byId(id);
  }

  /** Whether an action is on its way on this process, or on its whole host. */
  isBusy(processKey: string): boolean {
    return this.#lines.isBusy(processKey);
  }

  /** Running ones and the latest finished, newest first, from memory. */
  latest(): readonly Action[] {
    return this.#latest;
  }

  /** An action whose targets are read one by one; null: no such action. */
  read(id: string): ReadAction | null {
    const known = this.#known(id);
    if (known !== null) return readFrom(known);
    const head = this.#ports.store.head(id);
    return head === null ? null : this.#stored(head);
  }

  /** Up to `count` begun before that one, newest first; null: the newest of all. */
  older(than: Pick<Action, 'id' | 'startedAtMs'> | null, count: number): readonly ReadAction[] {
    return this.#ports.store.heads(than, count).map((head) => {
      const known = this.#known(head.id);
      return known === null ? this.#stored(head) : readFrom(known);
    });
  }

  #known(id: string): Action | null {
    return this.#running.get(id)?.now ?? this.#latest.find((action) => action.id === id) ?? null;
  }

  #stored(head: ActionHead): ReadAction {
    return { head, targets: () => this.#ports.store.targets(head.id) };
  }

  /** Writes down where every running action stands. */
  close(): void {
    this.#approvals.close();
    for (const running of this.#running.values()) running.save();
  }

  #begin(action: Action, past: ReadonlyMap<number, Sent>, asks: string | null): void {
    const { store, clock, bug } = this.#ports;
    const running = new RunningAction(action, { store, clock, bug, changed: (now) => this.#changed(now) });
    this.#running.set(action.id, running);
    if (asks !== null) running.beginProgress(asking(action, asks));
    const held = this.#heldBy(running, asks);
    const ports = {
      clock,
      bug,
      runTarget: (position: number) => this.#runTarget(running, position, past.get(position) ?? null),
      isBegun: (position: number) => past.has(position),
      forbidden: () => this.#ports.forbidden(running.now),
    };
    runBatches(running, ports, held).catch(bug);
  }

  #heldBy(running: RunningAction, asks: string | null): Held | null {
    const { id, approval } = running.now;
    if (approval?.state === 'waiting') return this.#approvals.hold(running, approval);
    return asks === null ? null : this.#hold(id, running);
  }

  #hold(id: string, running: RunningAction): Held {
    const resumed = new Promise<void>((goOn) => this.#held.set(id, goOn));
    return { resumed: resumed.then(() => running.advance({ phase: 'running' })) };
  }

  async #runTarget(running: RunningAction, position: number, past: Sent | null): Promise<void> {
    const { id, verb, signal = null, selector, by, targets, pace = AT_ONCE } = running.begun;
    const target = targets[position];
    if (target === undefined) return;
    const job: Job = {
      callId: `${id}.${position}`,
      verb,
      signal,
      target,
      past,
      settleMs: pace.mode === 'rolling' ? pace.settleMs : 0,
      isCancelled: () => running.stop.aborted,
      cancelledWhy: () => running.stoppedWhy,
      progress: (outcome) => running.set(position, outcome),
      mark: (sent) => this.#journal.write({ actionId: id, position, sent }),
    };
    const place = this.#lines.enter(target, `${verb} ${selector} by ${by} (action ${id})`);
    try {
      if (await this.#myTurn(place, job, running)) running.set(position, await runJob(job, this.#jobPorts));
    } catch (error) {
      this.#ports.bug(error);
      running.set(position, endedAs('unknown', told('hub.failed')));
    } finally {
      place.leave();
    }
  }

  /** Waits for earlier actions on the same target; false when it was cancelled meanwhile. */
  async #myTurn(place: ReturnType<Lines['enter']>, job: Job, running: RunningAction): Promise<boolean> {
    for (let ahead = place.ahead(); ahead !== null; ahead = place.ahead()) {
      job.progress(this.#waiting(job, told('process.waitsFor', { ahead })));
      await firstOf(place.turn, running.stop);
      if (running.stop.aborted && job.past === null) return false;
      await place.turn;
    }
    return true;
  }

  #waiting({ target }: Job, why: Told): Outcome {
    const process = this.#ports.fleet.process(keyOf(target));
    if (process !== null) return working(process, why);
    return { kind: 'working', state: 'RUNNING', sinceMs: this.#ports.clock.wallMs(), ...why };
  }

  #changed(action: Action): void {
    if (action.finishedAtMs !== null) {
      this.#running.delete(action.id);
      this.#held.delete(action.id);
      this.#approvals.forget(action);
    }
    this.#remember(action);
    this.changes.tell(action);
  }

  #remember(action: Action): void {
    const known = this.#latest.some((other) => other.id === action.id);
    this.#latest = known
      ? this.#latest.map((other) => (other.id === action.id ? action : other))
      : worthKeeping([action, ...this.#latest].slice(0, KEPT_IN_MEMORY), ({ targets }) => targets.length);
  }
}

/** Of actions, newest first, those under way, the latest, and older ones as long as they are not too large together. */
function worthKeeping<T extends ActionHead>(actions: readonly T[], targetsOf: (action: T) => number): T[] {
  let targets = 0;
  return actions.filter((action, at) => {
    targets += targetsOf(action);
    return at === 0 || action.finishedAtMs === null || targets <= TARGETS_KEPT;
  });
}

function firstOf(turn: Promise<void>, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
    void turn.then(resolve);
  });
}
