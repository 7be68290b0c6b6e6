import type { Config, ConfigDiff, GroupConfig, Parsed } from '../config/config.ts';
import { diffConfig } from '../config/diff.ts';
import type { EventBus } from '../events/event.ts';
import type { MainLog } from '../logs/main-log.ts';
import type { MarkedProcess } from '../os/child-mark.ts';
import type { DaemonState } from '../protocol/states.ts';
import type { LeftBehind } from './child-ledger.ts';
import { leftBehind } from './left-behind.ts';
import { shutDownInOrder } from './ordered-shutdown.ts';
import type { Ports } from './process-parts.ts';
import { Refusal } from './refusal.ts';
import { StartQueue } from './start-queue.ts';
import { type GroupParts, type SavedGroup, SupervisedGroup } from './supervised-group.ts';
import type { Supervisor } from './supervisor.ts';
import { takeOverLeft } from './take-over.ts';

/** What follows an orderly stop. */
export type AfterStop = { readonly kind: 'exit' } | { readonly kind: 'restart'; readonly config: Config };

export interface SupervisionParts {
  readonly config: Config;
  readonly ports: Ports;
  readonly makeLog: GroupParts['makeLog'];
  readonly makePool: GroupParts['makePool'];
  /** Reads the files again. */
  readConfig(): Parsed<Config>;
  /** Why a restart in place with that configuration cannot end well, or null. */
  restartObstacle(next: Config): string | null;
  /** Called once, when every process is stopped. */
  stopped(next: AfterStop): void;
}

/** The supervisor of this host, from the first group added to the last child reaped. */
export class LocalSupervisor implements Supervisor {
  readonly events: EventBus;
  readonly mainLog: MainLog;
  readonly #parts: SupervisionParts;
  readonly #starts: StartQueue;
  readonly #groups = new Map<string, SupervisedGroup>();
  #config: Config;
  #state: DaemonState = 'RUNNING';
  #next: AfterStop = { kind: 'exit' };
  #endLeft: () => void = () => {};

  constructor(parts: SupervisionParts) {
    this.#parts = parts;
    this.#config = parts.config;
    this.events = parts.ports.events;
    this.mainLog = parts.ports.log;
    this.#starts = new StartQueue(parts.ports.clock);
  }

  daemonState(): DaemonState {
    return this.#state;
  }

  config(): Config {
    return this.#config;
  }

  groups(): readonly SupervisedGroup[] {
    return [...this.#groups.values()].toSorted((a, b) => a.config.priority - b.config.priority);
  }

  group(name: string): SupervisedGroup | undefined {
    return this.#groups.get(name);
  }

  /** Adds every configured group without starting anything. Refuses: `failed`. Contract: PROC-079, EVT-026. */
  addConfiguredGroups(): void {
    for (const group of this.#config.groups) this.#activate(group);
  }

  /** Says RUNNING, takes over what a killed daemon left, and starts what starts by itself. Contract: EVT-028, PROC-013 to PROC-016. */
  begin(left: LeftBehind): void {
    this.events.emit({ kind: 'daemon-state', to: 'RUNNING' });
    this.#endLeft = takeOverLeft(left, {
      ...this.#parts.ports,
      uid: process.getuid?.() ?? 0,
      process: (group, name) => this.#groups.get(group)?.process(name),
    });
    for (const group of this.groups()) group.autostart();
  }

  reread(): ConfigDiff {
    this.#config = this.#readConfig();
    const active = this.groups().map((group) => group.config);
    return diffConfig(active, this.#config);
  }

  addGroup(name: string): void {
    const config = this.#config.groups.find((group) => group.name === name);
    // also a group that runs but is no longer in the files: it has a bad name, and is not "already added"
    if (config === undefined) throw new Refusal('no-such-process', name);
    if (this.#groups.has(name)) throw new Refusal('already-added', name);
    this.#activate(config).autostart();
  }

  removeGroup(name: string): void {
    const group = this.#groups.get(name);
    if (group === undefined) throw new Refusal('no-such-process', name);
    if (group.unstopped().length > 0) throw new Refusal('still-running', name);
    group.close();
    this.#groups.delete(name);
    this.events.emit({ kind: 'group-removed', group: name });
  }

  shutdown(): void {
    if (this.#state !== 'RUNNING') throw new Refusal('shutting-down', '');
    this.requestExit();
  }

  restart(): void {
    if (this.#state !== 'RUNNING') throw new Refusal('shutting-down', '');
    const config = this.#readConfig();
    const obstacle = this.#parts.restartObstacle(config);
    if (obstacle !== null) throw new Refusal('cannot-reread', obstacle);
    this.#next = { kind: 'restart', config };
    this.#stopAll('RESTARTING');
  }

  /** As `shutdown`, but also turns a restart under way into an exit, as a signal does. */
  requestExit(): void {
    this.#next = { kind: 'exit' };
    if (this.#state === 'RUNNING') this.#stopAll('SHUTDOWN');
    this.#state = 'SHUTDOWN';
  }

  strays(): readonly MarkedProcess[] {
    const pidOf = (group: string, name: string): number => this.#groups.get(group)?.process(name)?.pid ?? 0;
    return leftBehind(this.#parts.ports.ledger.marked(), pidOf);
  }

  reopenLogs(): void {
    this.mainLog.info('supervisord logreopen');
    this.mainLog.reopen();
    for (const group of this.groups()) for (const process of group.processes) process.reopenLogs();
  }

  /** Every group as plain data, for another run of the daemon. */
  save(): readonly SavedGroup[] {
    return this.groups().map((group) => group.save());
  }

  #readConfig(): Config {
    const read = this.#parts.readConfig();
    if (!read.ok) throw new Refusal('cannot-reread', read.problems[0].says);
    return read.value;
  }

  #activate(config: GroupConfig): SupervisedGroup {
    const group = new SupervisedGroup(config, {
      ports: this.#parts.ports,
      mayStart: () => this.#state === 'RUNNING',
      startSoon: (start) => this.#starts.push(start),
      makeLog: this.#parts.makeLog,
      makePool: this.#parts.makePool,
    });
    this.#groups.set(config.name, group);
    this.events.emit({ kind: 'group-added', group: config.name });
    return group;
  }

  #stopAll(state: DaemonState): void {
    this.#state = state;
    this.events.emit({ kind: 'daemon-state', to: 'STOPPING' });
    shutDownInOrder(this.groups(), this.#parts.ports, () => {
      for (const group of this.groups()) group.close();
      this.#endLeft();
      this.#parts.ports.strays.tell();
      this.#parts.stopped(this.#next);
    });
  }
}
