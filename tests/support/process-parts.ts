import type { GroupConfig, ProcessConfig } from '../../agent/src/config/config.ts';
import type { ProcessStateEvent, SupervisorEvent } from '../../agent/src/events/event.ts';
import { createEventBus } from '../../agent/src/events/event-bus.ts';
import type { ChildLog } from '../../agent/src/logs/child-log.ts';
import type { MainLog } from '../../agent/src/logs/main-log.ts';
import type { ChildLedger } from '../../agent/src/process/child-ledger.ts';
import type { ProcessParts } from '../../agent/src/process/process-parts.ts';
import { StartQueue } from '../../agent/src/process/start-queue.ts';
import { StrayReport } from '../../agent/src/process/strays.ts';
import { SupervisedGroup } from '../../agent/src/process/supervised-group.ts';
import { SupervisedProcess } from '../../agent/src/process/supervised-process.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeOs } from './fake-os.ts';

const CHANNEL: ProcessConfig['stdout'] = {
  logFile: { kind: 'none' },
  maxBytes: 0,
  backups: 0,
  captureMaxBytes: 0,
  eventsEnabled: false,
  syslog: false,
};

/** A program with supervisord's defaults. */
export function processConfig(more: Partial<ProcessConfig> = {}): ProcessConfig {
  const name = more.name ?? 'web';
  return {
    name,
    group: name,
    program: name,
    kind: 'program',
    command: '/bin/web --port 80',
    priority: 999,
    autostart: true,
    autorestart: 'unexpected',
    startMs: 1000,
    startRetries: 3,
    exitCodes: [0],
    stopSignal: 15,
    stopWaitMs: 10_000,
    stopAsGroup: false,
    killAsGroup: false,
    user: null,
    redirectStderr: false,
    stdout: CHANNEL,
    stderr: CHANNEL,
    environment: {},
    directory: null,
    umask: null,
    serverUrl: null,
    fcgiSocket: null,
    where: 'test.conf:1',
    ...more,
  };
}

export function groupConfig(
  name: string,
  priority: number,
  processes: readonly ProcessConfig[],
): GroupConfig {
  return { kind: 'group', name, priority, processes };
}

/** A main log that keeps its lines as `LEVL text`. */
export function heardLog(lines: string[]): MainLog {
  const say = (level: string) => (text: string) => void lines.push(`${level} ${text}`);
  return {
    critical: say('CRIT'),
    error: say('ERRO'),
    warn: say('WARN'),
    info: say('INFO'),
    debug: () => {},
    trace: () => {},
    blather: () => {},
    hears: () => false,
    file: null,
    clear: () => {},
    reopen: () => {},
    close: () => {},
  };
}

/** A child log that keeps what was written, and when it ended. */
export function heardChildLog(written: string[]): ChildLog {
  return {
    file: null,
    open: () => {},
    write: (chunk) => void written.push(chunk.toString()),
    end: () => void written.push('<end>'),
    reopen: () => {},
    clear: () => {},
    drop: () => {},
    save: () => ({ path: null, isOpen: false, strip: 'text', capture: null, message: '', syslogLine: '' }),
  };
}

/** A ledger that keeps what it was told as `spawned 101`. */
export function heardLedger(): ChildLedger & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    mark: () => ({}),
    marked: () => [],
    spawned: (_config, pid) => void told.push(`spawned ${pid}`),
    stopping: (pid) => void told.push(`stopping ${pid}`),
    ended: (pid) => void told.push(`ended ${pid}`),
  };
}

/** Everything around a process, with time and machine in the test's hands. */
export function bench() {
  const clock = new FakeClock();
  const os = new FakeOs();
  const lines: string[] = [];
  const written: string[] = [];
  const events: SupervisorEvent[] = [];
  const bus = createEventBus((error) => {
    throw error;
  });
  bus.subscribe((event) => void events.push(event));
  const ledger = heardLedger();
  const log = heardLog(lines);
  const ports = { clock, os, events: bus, log, ledger, strays: new StrayReport(os, clock, log) };
  const queue = new StartQueue(clock);
  const daemon = { running: true };
  const shared = {
    ports,
    mayStart: () => daemon.running,
    startSoon: (start: () => void) => queue.push(start),
  };
  const parts: ProcessParts = {
    ...shared,
    stdout: heardChildLog(written),
    stderr: heardChildLog(written),
    listener: null,
    holdSocket: null,
  };
  return {
    ...{ clock, os, lines, written, events, bus, ports, daemon, parts, ledger },
    process: (more: Partial<ProcessConfig> = {}) => new SupervisedProcess(processConfig(more), parts),
    group: (config: GroupConfig) =>
      new SupervisedGroup(config, {
        ...shared,
        makeLog: () => heardChildLog(written),
        makePool: () => {
          throw new Error('no pools here');
        },
      }),
    /** `FROM>TO` of every change of state so far. */
    changes: () => stateEvents(events).map(({ from, to }) => `${from}>${to}`),
    states: () => stateEvents(events),
  };
}

function stateEvents(events: readonly SupervisorEvent[]): ProcessStateEvent[] {
  return events.filter((event) => event.kind === 'process-state');
}
