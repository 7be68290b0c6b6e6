import type { ProcessConfig } from '../config/config.ts';
import type { ChildExit } from '../events/event.ts';
import type { LogFile } from '../logs/log-file.ts';
import type { MainLog } from '../logs/main-log.ts';
import { thrownErrno } from '../os/errno.ts';
import type { Child, Written } from '../os/os.ts';
import type { ChildEnd } from '../os/wait-status.ts';
import { type Channel, formatNamespec } from '../protocol/index.ts';
import { type ProcessState, RUNNING_STATES } from '../protocol/states.ts';
import { beginChild, continueChild } from './child-life.ts';
import { type EndVerdict, judgeEnd } from './end-of-child.ts';
import { findCommand } from './find-command.ts';
import type { Fate, LeftChild } from './left-children.ts';
import { OneWait } from './one-wait.ts';
import type { ProcessParts } from './process-parts.ts';
import {
  newRecord,
  type ProcessRecord,
  type SavedProcess,
  saveRecord,
  type Waiting,
} from './process-record.ts';
import { Refusal } from './refusal.ts';
import { afterFailure } from './restart-decision.ts';
import { Signaller } from './signaller.ts';
import { type ChangeDetail, stateEvent } from './state-event.ts';
import { StopPath } from './stop-path.ts';
import type { Process } from './supervisor.ts';
import { nextState, type Trigger } from './transitions.ts';

/** supervisord's comparisons are strict: a moment after the time, not at it. */
const STRICTLY_PAST_MS = 1;

/** What a program that daemonises looks like from here. */
const ENDS_BY_ITSELF =
  'ends by itself with exit status 0: if it goes to the background, tell it to stay in the foreground';

/** One slot: its state, the child behind it, and the one timer it may be waiting for. */
export class SupervisedProcess implements Process {
  readonly name: string;
  readonly group: string;
  readonly config: ProcessConfig;
  readonly #parts: ProcessParts;
  readonly #record: ProcessRecord;
  readonly #signals: Signaller;
  readonly #wait: OneWait;
  readonly #stopPath: StopPath;
  #child: Child | null = null;
  /** It is being stopped only to make room for its next child. */
  #isReplaced = false;
  /** Its group was removed: what still waits in the queue of starts has nowhere to go. */
  #isDropped = false;

  constructor(config: ProcessConfig, parts: ProcessParts) {
    this.name = config.name;
    this.group = config.group;
    this.config = config;
    this.#parts = parts;
    this.#record = newRecord(parts.ports.clock.wallMs());
    this.#wait = new OneWait(parts.ports.clock, this.#record, (what) => this.#waited(what));
    this.#signals = new Signaller(config.name, parts.ports.log, () => this.#change('signalFailed'));
    this.#stopPath = new StopPath({
      ...{ config, record: this.#record, ports: parts.ports, wait: this.#wait, signals: this.#signals },
      child: () => this.#child,
      stopping: () => this.#change('stop'),
    });
  }

  get state(): ProcessState {
    return this.#record.state;
  }
  get sinceMs(): number {
    return this.#record.sinceMs;
  }
  get pid(): number {
    return this.#record.pid;
  }
  get startedAtMs(): number {
    return this.#record.startedAtMs;
  }
  get stoppedAtMs(): number {
    return this.#record.stoppedAtMs;
  }
  get spawnError(): string {
    return this.#record.spawnError;
  }
  get exit(): ChildExit | null {
    return this.#record.exit;
  }
  get tries(): number {
    return this.#record.tries;
  }
  get retryAtUptimeMs(): number | null {
    const { waiting } = this.#record;
    return waiting?.for === 'retry' ? waiting.untilUptimeMs : null;
  }

  start(): void {
    const command = findCommand(this.config, this.#parts.ports.os);
    if (command.kind !== 'found') throw new Refusal(command.kind, command.says);
    if (RUNNING_STATES.has(this.state)) throw this.#refusal('already-started');
    if (this.state === 'UNKNOWN') throw this.#refusal('failed');
    if (this.state === 'STOPPING') throw this.#refusal('stopping');
    this.#spawn();
  }

  /** Starts in its turn if the program says so and it never ran. Contract: PROC-013. */
  autostart(): void {
    if (this.config.autostart) this.#startSoonFrom('STOPPED', () => this.startedAtMs === 0);
  }

  /** Goes on with a child of the daemon before this one, or stops it and then starts afresh. Only before anything started. */
  takeOver(left: LeftChild, fate: Exclude<Fate, 'end'>): void {
    const { clock, ledger } = this.#parts.ports;
    const child = continueChild(this.config, left, this.#parts, (end) => this.#ended(end));
    if (child === null) {
      ledger.ended(left.pid);
      return;
    }
    const upMs = left.upForMs;
    this.#record.startedAtMs = clock.wallMs() - upMs;
    this.#record.startedAtUptimeMs = clock.uptimeMs() - upMs;
    this.#change('spawn');
    this.#child = child;
    this.#record.pid = child.pid;
    this.#log.info(`took over: '${this.name}' with pid ${child.pid}, left by the daemon before this one`);
    if (upMs > this.config.startMs) this.#change('stayedUp');
    else this.#wait.begin('stayed-up', this.config.startMs - upMs + STRICTLY_PAST_MS);
    if (fate === 'replace') this.#replace(left.entry?.stopping ?? false);
    else if (child.pipes.stdout === null)
      this.#log.warn(`output of '${this.name}' cannot be read until it is started anew: its pipes are gone`);
  }

  stop(): void {
    if (!RUNNING_STATES.has(this.state)) throw this.#refusal('not-running');
    const problem = this.#stopPath.begin();
    if (problem !== null) throw new Refusal('failed', problem);
  }

  /** What a stopping daemon does with each process; problems are in the log. Contract: PROC-069. */
  stopForShutdown(): void {
    if (this.state === 'BACKOFF') this.#change('retriesSpent');
    else if (RUNNING_STATES.has(this.state)) this.#stopPath.begin();
  }

  signal(signal: number): void {
    const child = this.#child;
    if (child === null) throw this.#refusal('not-running');
    const problem = this.#signals.send(child, signal);
    if (problem !== null) throw new Refusal('failed', problem);
  }

  writeStdin(bytes: Buffer): void {
    if (this.#child === null || this.#record.stopAsked) throw this.#refusal('not-running');
    const written = this.tryWriteStdin(bytes);
    if (written === 'closed') throw this.#refusal('no-file');
    if (written === 'full')
      throw new Refusal('failed', `${this.#namespec}: stdin is full, the process does not read it`);
  }

  /** `closed` also without a child. */
  tryWriteStdin(bytes: Buffer): Written {
    return this.#child?.write(bytes) ?? 'closed';
  }

  clearLogs(): void {
    if (this.#child === null) return;
    try {
      this.#parts.stdout.clear();
      this.#parts.stderr?.clear();
    } catch (error) {
      throw new Refusal('failed', `${this.#namespec}: ${thrownErrno(error)}`);
    }
  }

  log(channel: Channel): LogFile | null {
    return (channel === 'stdout' ? this.#parts.stdout : this.#parts.stderr)?.file ?? null;
  }

  /** Opens the logs of a process that has pipes anew. Contract: PROC-100. */
  reopenLogs(): void {
    if (this.#child === null) return;
    this.#parts.stdout.reopen();
    this.#parts.stderr?.reopen();
  }

  /** Lets go of what a slot without a child still holds. */
  drop(): void {
    this.#isDropped = true;
    this.#wait.cancel();
    this.#parts.stdout.drop();
    this.#parts.stderr?.drop();
  }

  /** All of it as plain data, for another run of the daemon. */
  save(): SavedProcess {
    const nowMs = this.#parts.ports.clock.uptimeMs();
    const { stdout, stderr } = this.#parts;
    const logs = { stdout: stdout.save(), stderr: stderr?.save() ?? null };
    return saveRecord(this.config, this.#record, { pipes: this.#child?.pipes ?? null, logs }, nowMs);
  }

  get #log(): MainLog {
    return this.#parts.ports.log;
  }

  get #namespec(): string {
    return formatNamespec(this.group, this.name);
  }

  #refusal(kind: Refusal['kind']): Refusal {
    return new Refusal(kind, this.#namespec);
  }

  #startSoonFrom(state: ProcessState, stillDue: () => boolean = () => true): void {
    this.#parts.startSoon(() => {
      if (this.state === state && stillDue() && !this.#isDropped && this.#parts.mayStart()) this.#spawn();
    });
  }

  #spawn(): void {
    const { clock, os } = this.#parts.ports;
    Object.assign(this.#record, { spawnError: '', exit: null, stopAsked: false });
    this.#record.startedAtMs = clock.wallMs();
    this.#record.startedAtUptimeMs = clock.uptimeMs();
    this.#change('spawn');
    const command = findCommand(this.config, os);
    const outcome =
      command.kind === 'found'
        ? beginChild(this.config, command, this.#parts, (end) => this.#ended(end))
        : command;
    if ('says' in outcome) this.#spawnFailed(outcome.says);
    else this.#spawned(outcome.child);
  }

  #spawned(child: Child): void {
    this.#child = child;
    this.#record.pid = child.pid;
    this.#parts.ports.ledger.spawned(this.config, child.pid);
    this.#log.info(`spawned: '${this.name}' with pid ${child.pid}`);
    if (this.config.startMs <= 0) this.#stayedUp();
    else this.#wait.begin('stayed-up', this.config.startMs + STRICTLY_PAST_MS);
  }

  #spawnFailed(says: string): void {
    this.#record.spawnError = says;
    this.#log.info(`spawnerr: ${says}`);
    this.#backOff('spawnFailed');
    this.#retryOrGiveUp();
  }

  #stayedUp(): void {
    this.#record.tries = 0;
    this.#change('stayedUp');
    const seconds = this.config.startMs / 1000;
    this.#log.info(
      `success: ${this.name} entered RUNNING state, process has stayed up for > than ${seconds} seconds (startsecs)`,
    );
  }

  #backOff(trigger: 'spawnFailed' | 'exitedEarly', exit: ChildEnd | null = null, pid = 0): void {
    this.#record.tries += 1;
    this.#change(trigger, { exit, pid });
  }

  #retryOrGiveUp(last: ChildExit | null = null): void {
    const next = afterFailure(this.#record.tries, this.config.startRetries);
    if (next.kind === 'retry') {
      this.#wait.begin('retry', next.afterMs + STRICTLY_PAST_MS);
      return;
    }
    this.#change('retriesSpent');
    this.#log.info(`gave up: ${this.name} entered FATAL state, too many start retries too quickly`);
    if (last?.code === 0) this.#log.info(`hint: the program of ${this.name} ${ENDS_BY_ITSELF}`);
  }

  /** A stop that was asked for is finished; then it is as after any other start of the daemon. */
  #replace(wasStopping: boolean): void {
    this.#log.info(`replacing '${this.name}' (pid ${this.pid}) by a new child`);
    this.#isReplaced = !wasStopping || this.config.autostart;
    this.#stopPath.begin();
  }

  #ended(end: ChildEnd): void {
    const { clock, ledger, strays } = this.#parts.ports;
    const { pid, stopAsked } = this.#record;
    const isReplaced = this.#isReplaced;
    const upMs = clock.uptimeMs() - this.#record.startedAtUptimeMs;
    const verdict = judgeEnd(this.config, { state: this.state, stopAsked, upForMs: upMs }, end);
    this.#child = null;
    this.#isReplaced = false;
    Object.assign(this.#record, { pid: 0, stopAsked: false, stoppedAtMs: clock.wallMs() });
    ledger.ended(pid);
    if (verdict.trigger === 'exited' && this.state === 'STARTING') this.#change('stayedUp', { pid });
    if (verdict.spawnError !== null) this.#record.spawnError = verdict.spawnError;
    if (verdict.trigger === 'exitedEarly') this.#backOff('exitedEarly', end, pid);
    else this.#finished(verdict, end, pid);
    this.#log[verdict.level](verdict.says);
    strays.ended(this.name, pid);
    if (verdict.trigger === 'exitedEarly') this.#retryOrGiveUp(end);
    if (verdict.restarts) this.#startSoonFrom('EXITED');
    if (isReplaced && verdict.trigger === 'stopped') this.#startSoonFrom('STOPPED');
  }

  #finished({ trigger, expected }: EndVerdict, end: ChildEnd, pid: number): void {
    if (trigger === 'exited') this.#record.tries = 0;
    this.#record.exit = { code: end.code, signal: end.signal };
    this.#change(trigger, { exit: end, pid, expected });
  }

  #change(trigger: Trigger, about: ChangeDetail = {}): void {
    const from = this.state;
    const to = nextState(from, trigger);
    this.#wait.cancel();
    if (to === 'FATAL') this.#record.tries = 0;
    Object.assign(this.#record, { state: to, sinceMs: this.#parts.ports.clock.wallMs() });
    this.#parts.ports.events.emit(stateEvent(this, from, this.#record, about));
  }

  #waited(what: Waiting): void {
    if (what === 'stayed-up') this.#stayedUp();
    else if (what === 'retry') this.#startSoonFrom('BACKOFF');
    else this.#stopPath.overran();
  }
}
