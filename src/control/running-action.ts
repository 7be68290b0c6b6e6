import type { Cancel, Clock } from '../clock.ts';
import type { Action, ActionTarget, Approval, Outcome, Progress } from '../fleet/action.ts';
import { isFinal } from '../fleet/outcome.ts';
import type { Told } from '../fleet/said.ts';
import { withStep } from '../fleet/target-steps.ts';
import type { Actions } from '../store/actions.ts';

const TELL_EVERY_MS = 50;
/** A commit that survives a power cut holds up the whole hub: between two it rests so many times as long. */
const REST = 4;
const SAVE_AGAIN_MS = 1_000;
const FAILED: ReadonlySet<Outcome['kind']> = new Set(['refused', 'failed', 'unreachable', 'unknown']);

export interface RunningActionPorts {
  readonly store: Actions;
  readonly clock: Clock;
  readonly changed: (now: Action) => void;
  readonly bug: (error: unknown) => void;
}

/** An action under way: gathers outcomes, writes and tells them together. */
export class RunningAction {
  readonly #ports: RunningActionPorts;
  /** As it began: what never changes is read here, `now` copies every target. */
  readonly begun: Action;
  readonly #targets: ActionTarget[];
  /** Outcomes to write; where a target stands that is still under way is asked anew after a restart. */
  readonly #unsaved = new Set<number>();
  #isUnsaved = false;
  readonly #stop = new AbortController();
  #left: number;
  #failures: number;
  #cancelledBy: string | null;
  #stoppedWhy: Told | null = null;
  #finishedAtMs: number | null = null;
  #progress: Progress | null;
  #approval: Approval | null;
  #cancelTell: Cancel | null = null;
  #cancelSave: Cancel | null = null;
  #restUntilMs = 0;
  #failed = false;

  constructor(action: Action, ports: RunningActionPorts) {
    this.#ports = ports;
    this.begun = action;
    this.#targets = [...action.targets];
    this.#left = action.targets.filter(({ outcome }) => !isFinal(outcome)).length;
    this.#failures = action.targets.filter(({ outcome }) => FAILED.has(outcome.kind)).length;
    this.#cancelledBy = action.cancelledBy;
    this.#progress = action.progress ?? null;
    this.#approval = action.approval ?? null;
    if (this.#cancelledBy !== null) this.#stop.abort();
  }

  get now(): Action {
    return {
      ...this.begun,
      targets: [...this.#targets],
      finishedAtMs: this.#finishedAtMs,
      cancelledBy: this.#cancelledBy,
      ...(this.#progress === null ? {} : { progress: this.#progress }),
      ...(this.#approval === null ? {} : { approval: this.#approval }),
    };
  }

  /** Aborted when nothing more may be begun. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Targets that are not done, of those that ended. */
  get failures(): number {
    return this.#failures;
  }

  /** Why nothing more is begun, where nobody cancelled it. */
  get stoppedWhy(): Told | null {
    return this.#stoppedWhy;
  }

  outcome(position: number): Outcome | null {
    return this.#targets[position]?.outcome ?? null;
  }

  cancel(by: string): void {
    if (this.#finishedAtMs !== null || this.#stop.signal.aborted) return;
    this.#cancelledBy = by;
    this.#stop.abort();
    this.#isUnsaved = true;
    this.#tellSoon();
  }

  /** Begins nothing more, for a reason of the hub's own. */
  stopFor(why: Told): void {
    if (this.#finishedAtMs !== null || this.#stop.signal.aborted) return;
    this.#stoppedWhy = why;
    this.#stop.abort();
    const { says, said } = why;
    this.advance({ phase: 'stopped', untilMs: null, says, ...(said === undefined ? {} : { said }) });
  }

  /** Writes down what became of waiting for a second person. */
  decide(decision: Partial<Approval>): void {
    if (this.#approval === null || this.#finishedAtMs !== null) return;
    this.#approval = { ...this.#approval, ...decision };
    this.#tell();
  }

  /** How far a rolling action is; ignored where there is nothing to tell. */
  advance(step: Partial<Progress>): void {
    if (this.#progress === null) return;
    const { says: _says, said: _said, ...before } = this.#progress;
    this.#progress = { ...before, ...step };
    this.#isUnsaved = true;
    this.#tellSoon();
  }

  /** Makes an action tell how far it is, as one that waits to be resumed does. */
  beginProgress(progress: Progress): void {
    this.#progress = progress;
    this.#isUnsaved = true;
    this.#tellSoon();
  }

  /** A final outcome stays. */
  set(position: number, outcome: Outcome): void {
    const target = this.#targets[position];
    if (target === undefined || isFinal(target.outcome) || sameOutcome(target.outcome, outcome)) return;
    const steps = withStep(target.steps ?? [], outcome, this.#ports.clock.wallMs());
    this.#targets[position] = { ...target, outcome, ...(steps.length === 0 ? {} : { steps }) };
    if (isFinal(outcome)) this.#unsaved.add(position);
    if (FAILED.has(outcome.kind)) this.#failures++;
    if (isFinal(outcome) && --this.#left === 0) this.#finish();
    else this.#tellSoon();
  }

  /** Writes what is not on disk yet. Throws when it cannot be. */
  save(): void {
    this.#cancelSave?.();
    this.#cancelSave = null;
    if (this.#unsaved.size === 0 && !this.#isUnsaved) return;
    const { store, clock } = this.#ports;
    const beganMs = clock.uptimeMs();
    store.update(this.now, [...this.#unsaved], clock.wallMs());
    this.#unsaved.clear();
    this.#isUnsaved = false;
    const endedMs = clock.uptimeMs();
    this.#restUntilMs = endedMs + REST * (endedMs - beganMs);
  }

  /** Ends one whose targets are all final already. */
  finishIfOver(): void {
    if (this.#left === 0 && this.#finishedAtMs === null) this.#finish();
  }

  #finish(): void {
    this.#finishedAtMs = this.#ports.clock.wallMs();
    this.#isUnsaved = true;
    if (this.#progress !== null && this.#progress.phase !== 'stopped')
      this.#progress = { ...this.#progress, phase: 'over', untilMs: null };
    this.#tell();
  }

  #tellSoon(): void {
    this.#cancelTell ??= this.#ports.clock.after(TELL_EVERY_MS, () => this.#tell());
  }

  #tell(): void {
    this.#cancelTell?.();
    this.#cancelTell = null;
    this.#saveInTime();
    this.#ports.changed(this.now);
  }

  /** An outcome that is not on disk when the hub is killed is asked for again. */
  #saveInTime(): void {
    const restMs = this.#finishedAtMs === null ? this.#restUntilMs - this.#ports.clock.uptimeMs() : 0;
    if (restMs <= 0) this.#saveOrBug();
    else this.#cancelSave ??= this.#ports.clock.after(restMs, () => this.#saveOrBug());
  }

  /** Tries until it is written, and tells of the first failure only: a disk may be full for long. */
  #saveOrBug(): void {
    try {
      this.save();
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#ports.bug(error);
      this.#failed = true;
      this.#cancelSave = this.#ports.clock.after(SAVE_AGAIN_MS, () => this.#saveOrBug());
    }
  }
}

function sameOutcome(left: Outcome, right: Outcome): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
