import { join } from 'node:path';
import type { Config } from '../../agent/src/config/config.ts';
import type { ChildExit, ProcessStateEvent } from '../../agent/src/events/event.ts';
import { createEventBus } from '../../agent/src/events/event-bus.ts';
import type { LogFile } from '../../agent/src/logs/log-file.ts';
import type { LogWriter } from '../../agent/src/logs/log-writer.ts';
import { createLogWriters } from '../../agent/src/logs/log-writers.ts';
import { systemClock } from '../../agent/src/os/clock.ts';
import type { Process, ProcessGroup, Supervisor } from '../../agent/src/process/supervisor.ts';
import type { Channel, ProcessState } from '../../agent/src/protocol/index.ts';
import { groupConfig, heardLog, processConfig } from './process-parts.ts';

/** A process whose every change is asked for by the test; its logs are real files. */
export class ScriptedProcess implements Process {
  readonly name: string;
  readonly group: string;
  readonly config: Process['config'];
  readonly logs: Readonly<Record<Channel, LogWriter | null>>;
  state: ProcessState = 'STOPPED';
  sinceMs = 0;
  pid = 0;
  startedAtMs = 0;
  stoppedAtMs = 0;
  spawnError = '';
  exit: ChildExit | null = null;
  tries = 0;
  retryAtUptimeMs: number | null = null;

  constructor(group: string, name: string, logs: Readonly<Record<Channel, LogWriter | null>>) {
    this.name = name;
    this.group = group;
    this.config = processConfig({ name, group });
    this.logs = logs;
  }

  log(channel: Channel): LogFile | null {
    return this.logs[channel];
  }

  start(): void {}
  stop(): void {}
  signal(): void {}
  writeStdin(): void {}
  clearLogs(): void {}
}

/** A supervisor of processes that exist only in the test. */
export class ScriptedSupervisor implements Supervisor {
  readonly events = createEventBus((error) => {
    throw error;
  });
  readonly mainLog = heardLog([]);
  readonly #groups: ProcessGroup[] = [];

  /** `names`: `group:process`. Their logs are files in `dir`; without one they have none. */
  constructor(dir: string | null, names: readonly string[]) {
    const writers = createLogWriters({ clock: systemClock, report: { error: () => {}, warn: () => {} } });
    for (const group of new Set(names.map((name) => name.split(':')[0] as string))) {
      const processes = names
        .filter((name) => name.startsWith(`${group}:`))
        .map((name) => {
          const process = name.slice(group.length + 1);
          const take = (channel: Channel): LogWriter | null => {
            if (dir === null) return null;
            const path = join(dir, `${group}-${process}.${channel}`);
            const writer = writers.take({ path, maxBytes: 0, backups: 2, mode: 0o600 });
            writer.open();
            return writer;
          };
          return new ScriptedProcess(group, process, { stdout: take('stdout'), stderr: take('stderr') });
        });
      this.#groups.push({
        name: group,
        config: groupConfig(
          group,
          999,
          processes.map((one) => one.config),
        ),
        processes,
        process: (name) => processes.find((one) => one.name === name),
      });
    }
  }

  process(name: string): ScriptedProcess {
    const [group, process] = name.split(':') as [string, string];
    const found = this.group(group)?.process(process);
    if (!(found instanceof ScriptedProcess)) throw new Error(`no ${name}`);
    return found;
  }

  /** Moves a process and tells it, as the real one would. */
  move(name: string, to: ProcessState, more: Partial<ProcessStateEvent> & { pid?: number } = {}): void {
    const process = this.process(name);
    const from = process.state;
    const wallMs = systemClock.wallMs();
    const pid = more.pid ?? process.pid;
    Object.assign(process, {
      state: to,
      sinceMs: wallMs,
      pid: to === 'RUNNING' || to === 'STARTING' ? pid : 0,
    });
    if (to === 'EXITED') process.stoppedAtMs = wallMs;
    process.exit = more.exit ?? process.exit;
    this.events.emit({
      kind: 'process-state',
      process: { group: process.group, name: process.name },
      from,
      to,
      wallMs,
      pid,
      tries: 0,
      expected: false,
      exit: null,
      spawnError: '',
      ...more,
    });
  }

  removeGroup(name: string): void {
    this.#groups.splice(
      this.#groups.findIndex((group) => group.name === name),
      1,
    );
    this.events.emit({ kind: 'group-removed', group: name });
  }

  daemonState(): 'RUNNING' {
    return 'RUNNING';
  }

  config(): Config {
    return { daemon: { identifier: 'scripted' } } as Config;
  }

  groups(): readonly ProcessGroup[] {
    return this.#groups;
  }

  group(name: string): ProcessGroup | undefined {
    return this.#groups.find((group) => group.name === name);
  }

  reread(): { added: string[]; changed: string[]; removed: string[] } {
    return { added: [], changed: [], removed: [] };
  }

  addGroup(): void {}
  shutdown(): void {}
  restart(): void {}
  reopenLogs(): void {}
  strays(): [] {
    return [];
  }
}
