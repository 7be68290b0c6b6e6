import { type ProcessState, processStateOf } from '@fleetvisor/agent/protocol';
import type { LinkProcess } from './host-link.ts';

/** One process as supervisord told it, checked and reduced to what can change by itself. Times are host seconds. */
export interface ToldProcess {
  readonly group: string;
  readonly name: string;
  readonly state: ProcessState;
  readonly start: number;
  readonly stop: number;
  readonly exitStatus: number;
  readonly spawnError: string;
  readonly pid: number;
  readonly hasStdout: boolean;
  readonly hasStderr: boolean;
}

const LONGEST_NAME = 1_024;
const LONGEST_TEXT = 4_096;

/** The processes of a `getAllProcessInfo` answer; null when it is something else. Contract: RPC-094. */
export function toldProcesses(answer: unknown): ToldProcess[] | null {
  if (!Array.isArray(answer)) return null;
  const told = answer.map(toldProcess);
  return told.every((process) => process !== null) ? told : null;
}

function toldProcess(info: unknown): ToldProcess | null {
  if (typeof info !== 'object' || info === null) return null;
  const members = info as Readonly<Record<string, unknown>>;
  const { name, group, state } = members;
  if (typeof name !== 'string' || typeof group !== 'string' || typeof state !== 'number') return null;
  return {
    name: name.slice(0, LONGEST_NAME),
    group: group.slice(0, LONGEST_NAME),
    state: processStateOf(state),
    start: numberOr0(members.start),
    stop: numberOr0(members.stop),
    exitStatus: numberOr0(members.exitstatus),
    spawnError: textOrEmpty(members.spawnerr),
    pid: numberOr0(members.pid),
    hasStdout: textOrEmpty(members.stdout_logfile) !== '',
    hasStderr: textOrEmpty(members.stderr_logfile) !== '',
  };
}

/** 3.x leaves members out that 4.x has. */
function numberOr0(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function textOrEmpty(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : '';
}

/** `group:name`, for maps of one host. */
export function toldKey(process: Pick<ToldProcess, 'group' | 'name'>): string {
  return `${process.group}:${process.name}`;
}

/** Whether two tellings differ in anything but the time they were told at. */
export function differs(a: ToldProcess, b: ToldProcess): boolean {
  return (
    a.state !== b.state ||
    a.pid !== b.pid ||
    a.start !== b.start ||
    a.stop !== b.stop ||
    a.exitStatus !== b.exitStatus ||
    a.spawnError !== b.spawnError ||
    a.hasStdout !== b.hasStdout ||
    a.hasStderr !== b.hasStderr
  );
}

/** It died of itself: a state nobody asks for, entered since the telling before. */
export function crashed(process: ToldProcess, before: ToldProcess | undefined): boolean {
  if (before === undefined) return false;
  const entered = before.state !== process.state || before.stop !== process.stop;
  if (!entered) return false;
  if (process.state === 'EXITED') return process.exitStatus !== 0;
  return process.state === 'BACKOFF' || process.state === 'FATAL';
}

/** What the hub knows beside the telling itself. All hub wall time, but `skewMs`. */
export interface Telling {
  readonly skewMs: number;
  readonly nowMs: number;
  /** When the telling before was asked for: a change happened since. */
  readonly lastAskedMs: number;
}

/** The process in the hub's time. `before`: how it was told the last time, if it was. */
export function linkProcess(
  told: ToldProcess,
  before: LinkProcess | undefined,
  telling: Telling,
): LinkProcess {
  const startedAtMs = hubTime(told.start, telling.skewMs);
  const stoppedAtMs = hubTime(told.stop, telling.skewMs);
  const ended = told.pid === 0 && told.stop > 0 && !TELLS_NO_STATUS.has(told.state);
  return {
    group: told.group,
    name: told.name,
    state: told.state,
    sinceMs: sinceMs(told, before, { startedAtMs, stoppedAtMs }, telling),
    pid: told.pid,
    startedAtMs,
    stoppedAtMs,
    exitStatus: ended ? told.exitStatus : null,
    exitSignal: null,
    expected: null,
    spawnError: told.spawnError,
    tries: null,
    retryAtMs: null,
    startMs: null,
    hasStdout: told.hasStdout,
    hasStderr: told.hasStderr,
  };
}

function hubTime(hostSeconds: number, skewMs: number): number {
  return hostSeconds > 0 ? hostSeconds * 1000 - skewMs : 0;
}

/** supervisord forgets the status of a child that ended before startsecs, and tells 0. */
const TELLS_NO_STATUS: ReadonlySet<ProcessState> = new Set(['BACKOFF', 'FATAL']);

const BEGINS_WITH_CHILD: ReadonlySet<ProcessState> = new Set(['STARTING', 'RUNNING']);

/** supervisord does not tell when a state began: its own times say it within a second, a change seen live nearer. */
function sinceMs(
  told: ToldProcess,
  before: LinkProcess | undefined,
  own: { readonly startedAtMs: number; readonly stoppedAtMs: number },
  { nowMs, lastAskedMs }: Telling,
): number {
  if (
    before !== undefined &&
    before.state === told.state &&
    before.pid === told.pid &&
    before.stoppedAtMs === own.stoppedAtMs
  ) {
    return before.sinceMs;
  }
  const hintMs = BEGINS_WITH_CHILD.has(told.state) ? own.startedAtMs : own.stoppedAtMs;
  if (before !== undefined) return Math.min(nowMs, Math.max(hintMs, lastAskedMs));
  return hintMs > 0 ? Math.min(hintMs, nowMs) : nowMs;
}
