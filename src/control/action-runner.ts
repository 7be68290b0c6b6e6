import type { Clock } from '../clock.ts';
import type { Action, ActionTarget, Outcome, Plan } from '../fleet/action.ts';
import { isFinal } from '../fleet/outcome.ts';
import type { HostLink } from '../links/host-link.ts';
import type { Actions } from '../store/actions.ts';
import { randomId } from '../store/secret.ts';
import type { FleetState } from './fleet-state.ts';
import { RunningAction } from './running-action.ts';
import { Subscribers } from './subscribers.ts';
import { runJob } from './target-job.ts';
import { Turns } from './turns.ts';

const CALLS_PER_HOST = 4;
const KEPT_IN_MEMORY = 40;

export interface ActionRunnerPorts {
  readonly store: Actions;
  readonly fleet: FleetState;
  readonly clock: Clock;
  link(hostId: string): HostLink | null;
  readonly bug: (error: unknown) => void;
}

/**
 * Runs fleet actions: one job per target, all at once, a few calls at a time to each host, and one outcome each.
 * An action is a row before anything is sent; what an ended hub left on the way is `unknown`.
 */
export class ActionRunner {
  /** An action changed; merged, so that a thousand outcomes are a few messages. */
  readonly changes: Subscribers<Action>;
  readonly #ports: ActionRunnerPorts;
  readonly #turns = new Turns(CALLS_PER_HOST);
  readonly #running = new Map<string, RunningAction>();
  #latest: Action[];

  constructor(ports: ActionRunnerPorts) {
    this.#ports = ports;
    this.changes = new Subscribers(ports.bug);
    for (const left of ports.store.unfinished()) giveUp(left, ports);
    this.#latest = ports.store.latest(KEPT_IN_MEMORY);
  }

  /** Begins at once and returns the action as it begins. */
  run(plan: Plan, by: string): Action {
    const targets = plan.targets.map((target): ActionTarget => {
      const { hostId, host, group, process } = target;
      return { hostId, host, group, process, outcome: { kind: 'waiting' } };
    });
    const startedAtMs = this.#ports.clock.wallMs();
    const action: Action = {
      id: randomId('a'),
      verb: plan.verb,
      selector: plan.selector,
      by,
      startedAtMs,
      finishedAtMs: targets.length === 0 ? startedAtMs : null,
      cancelledBy: null,
      targets,
    };
    this.#ports.store.add(action);
    this.#remember(action);
    this.#ports.fleet.lately.actionBegan(action);
    if (targets.length > 0) this.#begin(action);
    this.changes.tell(action);
    return action;
  }

  /** Begins no more targets; those begun are seen through. Null: no such action. */
  cancel(id: string, by: string): Action | null {
    this.#running.get(id)?.cancel(by);
    return this.byId(id);
  }

  byId(id: string): Action | null {
    return (
      this.#running.get(id)?.now ??
      this.#latest.find((action) => action.id === id) ??
      this.#ports.store.byId(id)
    );
  }

  /** Running ones and the latest finished, newest first, from memory. */
  latest(): readonly Action[] {
    return this.#latest;
  }

  /** Up to `count`, newest first. */
  list(count: number): readonly Action[] {
    const stored = count <= this.#latest.length ? this.#latest : this.#ports.store.latest(count);
    return stored.slice(0, count).map((action) => this.#running.get(action.id)?.now ?? action);
  }

  /** Writes down where every running action stands. */
  close(): void {
    for (const running of this.#running.values()) running.save();
  }

  #begin(action: Action): void {
    const running = new RunningAction(action, {
      store: this.#ports.store,
      clock: this.#ports.clock,
      changed: (now) => this.#changed(now),
    });
    this.#running.set(action.id, running);
    action.targets.forEach((target, position) => {
      this.#runTarget(running, target, position);
    });
  }

  #runTarget(running: RunningAction, target: ActionTarget, position: number): void {
    const { id, verb } = running.now;
    const job = {
      callId: `${id}.${position}`,
      verb,
      target,
      isCancelled: () => running.isCancelled(),
      progress: (outcome: Outcome) => running.set(position, outcome),
    };
    runJob(job, { ...this.#ports, link: (hostId) => this.#ports.link(hostId), turns: this.#turns })
      .catch((error: unknown): Outcome => {
        this.#ports.bug(error);
        return { kind: 'unknown', reason: 'the hub failed here; its log says how' };
      })
      .then((outcome) => running.set(position, outcome));
  }

  #changed(action: Action): void {
    if (action.finishedAtMs !== null) this.#running.delete(action.id);
    this.#remember(action);
    this.changes.tell(action);
  }

  #remember(action: Action): void {
    const known = this.#latest.some((other) => other.id === action.id);
    this.#latest = known
      ? this.#latest.map((other) => (other.id === action.id ? action : other))
      : [action, ...this.#latest].slice(0, KEPT_IN_MEMORY);
  }
}

const ENDED = 'the hub was restarted while this was on its way';

function giveUp(left: Action, { store, clock }: ActionRunnerPorts): void {
  const targets = left.targets.map(
    (target): ActionTarget =>
      isFinal(target.outcome) ? target : { ...target, outcome: { kind: 'unknown', reason: ENDED } },
  );
  store.update({ ...left, targets, finishedAtMs: clock.wallMs() }, [...targets.keys()]);
}
