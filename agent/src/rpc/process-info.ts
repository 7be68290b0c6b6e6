import type { Process } from '../process/supervisor.ts';
import type { ProcessInfo } from '../protocol/info.ts';
import { PROCESS_STATE_CODES } from '../protocol/states.ts';
import { KEPT, KeptText } from '../xmlrpc/index.ts';
import { describeProcess } from './description.ts';

const LATEST_S = 2 ** 31 - 1;
/** What changes from second to second while nothing happens to a process. */
const CHANGING = ['now', 'description'] as const;

type Lasting = Omit<ProcessInfo, (typeof CHANGING)[number]>;

/** The wire struct of one process. Contract: RPC-094 to RPC-103, RPC-018. */
export function processInfo(process: Process, nowMs: number): ProcessInfo {
  const { lasting, kept } = currentOf(process);
  return new Info(lasting, kept, seconds(nowMs), process);
}

/** In the order of the wire. Its text is kept: a daemon is asked far more often than anything happens. */
class Info implements ProcessInfo {
  readonly name: string;
  readonly group: string;
  readonly start: number;
  readonly stop: number;
  readonly now: number;
  readonly state: number;
  readonly statename: string;
  readonly spawnerr: string;
  readonly exitstatus: number;
  readonly logfile: string;
  readonly stdout_logfile: string;
  readonly stderr_logfile: string;
  readonly pid: number;
  readonly description: string;
  readonly #kept: KeptText;

  constructor(lasting: Lasting, kept: KeptText, now: number, process: Process) {
    this.name = lasting.name;
    this.group = lasting.group;
    this.start = lasting.start;
    this.stop = lasting.stop;
    this.now = now;
    this.state = lasting.state;
    this.statename = lasting.statename;
    this.spawnerr = lasting.spawnerr;
    this.exitstatus = lasting.exitstatus;
    this.logfile = lasting.logfile;
    this.stdout_logfile = lasting.stdout_logfile;
    this.stderr_logfile = lasting.stderr_logfile;
    this.pid = lasting.pid;
    this.description = describeProcess(process, this);
    this.#kept = kept;
  }

  get [KEPT](): KeptText {
    return this.#kept;
  }
}

interface Known {
  readonly lasting: Lasting;
  readonly kept: KeptText;
}

const known = new WeakMap<Process, Known>();

/** What was last made of a process, or something new once it is out of date. */
function currentOf(process: Process): Known {
  const before = known.get(process);
  if (before !== undefined && isCurrent(before.lasting, process)) return before;
  const now = { lasting: lastingOf(process), kept: new KeptText(CHANGING) };
  known.set(process, now);
  return now;
}

function isCurrent(was: Lasting, process: Process): boolean {
  return (
    was.statename === process.state &&
    was.pid === process.pid &&
    was.start === seconds(process.startedAtMs) &&
    was.stop === seconds(process.stoppedAtMs) &&
    was.spawnerr === process.spawnError &&
    was.exitstatus === exitStatus(process) &&
    was.stdout_logfile === pathOf(process, 'stdout') &&
    was.stderr_logfile === pathOf(process, 'stderr')
  );
}

function lastingOf(process: Process): Lasting {
  const stdout = pathOf(process, 'stdout');
  return {
    name: process.name,
    group: process.group,
    start: seconds(process.startedAtMs),
    stop: seconds(process.stoppedAtMs),
    state: PROCESS_STATE_CODES[process.state],
    statename: process.state,
    spawnerr: process.spawnError,
    exitstatus: exitStatus(process),
    logfile: stdout,
    stdout_logfile: stdout,
    stderr_logfile: pathOf(process, 'stderr'),
    pid: process.pid,
  };
}

function pathOf(process: Process, channel: 'stdout' | 'stderr'): string {
  return process.log(channel)?.path ?? '';
}

/** Contract: RPC-096. */
function exitStatus({ exit }: Process): number {
  if (exit === null) return 0;
  return exit.code ?? -1;
}

function seconds(ms: number): number {
  return Math.min(Math.floor(ms / 1_000), LATEST_S);
}
