import type { Config, ListenerPoolConfig, Parsed, ProcessConfig } from '../config/config.ts';
import { channelConfig } from '../config/config.ts';
import { createEventBus } from '../events/event-bus.ts';
import type { ListenerPort } from '../events/listener-port.ts';
import { createListenerPool, type ListenerPool } from '../events/pool.ts';
import type { Serials } from '../events/serials.ts';
import { createTicks } from '../events/ticks.ts';
import { type ChildLog, createChildLog } from '../logs/child-log.ts';
import { createLogWriters } from '../logs/log-writers.ts';
import type { MainLog } from '../logs/main-log.ts';
import { openSyslog } from '../logs/syslog.ts';
import type { Clock } from '../os/clock.ts';
import type { Os } from '../os/os.ts';
import type { ChildLedger } from '../process/child-ledger.ts';
import { type AfterStop, LocalSupervisor } from '../process/local-supervisor.ts';
import { StrayReport } from '../process/strays.ts';
import type { Channel } from '../protocol/info.ts';
import { restartObstacle } from './restart-obstacle.ts';
import { stackOf } from './stack-of.ts';

export interface MakingParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly os: Os;
  readonly log: MainLog;
  readonly ledger: ChildLedger;
  /** Goes on over restarts in place. Contract: EVT-039. */
  readonly serials: Serials;
  readConfig(): Parsed<Config>;
  stopped(next: AfterStop): void;
}

/** Makes the supervisor of one run between two restarts in place, with its own events, logs and pools. */
export function makeSupervisor(parts: MakingParts): LocalSupervisor {
  const { clock, os, log } = parts;
  const events = createEventBus((error) => log.critical(`uncaught error: ${stackOf(error)}`));
  const ticks = createTicks(clock, events);
  const writers = createLogWriters({ clock, report: log });
  const syslog = lazily(() => openSyslog({ ident: 'fleetvisord', clock }));
  const makeLog = (config: ProcessConfig, channel: Channel, pid: () => number): ChildLog =>
    createChildLog({
      process: { name: config.name, group: config.group },
      channel,
      config: channelConfig(config, channel),
      isListener: config.kind === 'listener',
      childLogDir: parts.config.daemon.childLogDir,
      identifier: supervisor.config().daemon.identifier,
      stripAnsi: () => supervisor.config().daemon.stripAnsi,
      pid,
      writers,
      mainLog: log,
      syslog,
      wantsLogs: () => events.wantsLogs(),
      tell: (output) => events.emit(output),
    });
  const makePool = (config: ListenerPoolConfig, listeners: readonly ListenerPort[]): ListenerPool =>
    createListenerPool({
      name: config.name,
      events: config.events,
      bufferSize: config.bufferSize,
      lengthIn: config.lengthIn,
      listeners,
      identifier: () => supervisor.config().daemon.identifier,
      bus: events,
      ticks,
      serials: parts.serials,
      log,
    });
  const supervisor: LocalSupervisor = new LocalSupervisor({
    config: parts.config,
    ports: { clock, os, events, log, ledger: parts.ledger, strays: new StrayReport(os, clock, log) },
    makeLog,
    makePool,
    readConfig: parts.readConfig,
    restartObstacle: (next) => restartObstacle(parts.config, next),
    stopped: parts.stopped,
  });
  return supervisor;
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
