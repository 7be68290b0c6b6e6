import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process told from any other that ever had its pid: the kernel's start time goes with it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between the boot and its start. */
  readonly startTicks: number;
}

/** One line of the process table. */
export interface ProcessLine extends ProcessIdentity {
  readonly name: string;
  readonly isEnded: boolean;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

const TICKS_PER_SECOND = 100;
const ENDED: ReadonlySet<string> = new Set(['Z', 'X', 'x']);

/** Reads /proc/PID/stat; null when there is no such process. The name may hold blanks and parentheses. */
export function processLine(pid: number): ProcessLine | null {
  const text = readText(`/proc/${pid}/stat`);
  if (text === null) return null;
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const number = (index: number): number => Number(fields[index]);
  return {
    pid,
    name: text.slice(text.indexOf('(') + 1, nameEnd).replace(/\p{Cc}/gu, '?'),
    isEnded: ENDED.has(fields[0] ?? ''),
    parent: number(1),
    group: number(2),
    session: number(3),
    startTicks: number(19),
  };
}

/** Whether this very process still runs; a zombie does not. */
export function isAlive(who: ProcessIdentity): boolean {
  const line = processLine(who.pid);
  return line !== null && !line.isEnded && line.startTicks === who.startTicks;
}

/** Milliseconds since its start, to a hundredth of a second; below zero for a start that has not been yet. */
export function upForMs({ startTicks }: ProcessIdentity): number {
  const uptimeTicks = Math.floor(Number.parseFloat(readText('/proc/uptime') ?? '0') * TICKS_PER_SECOND);
  return ((uptimeTicks - startTicks) * 1000) / TICKS_PER_SECOND;
}

/** Changes with every boot: start times of another one say nothing. */
export function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

export function allPids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** The value of a variable in the environment a process was started with; null also when it may not be read. */
export function environmentValue(pid: number, variable: string): string | null {
  const found = readText(`/proc/${pid}/environ`)
    ?.split('\0')
    .find((entry) => entry.startsWith(`${variable}=`));
  return found?.slice(variable.length + 1) ?? null;
}

/** The one user a process acts for, or null when its ids differ. */
export function soleUser(pid: number): number | null {
  const ids = /^Uid:\s+(.+)$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1]?.split(/\s+/) ?? [];
  return new Set(ids).size === 1 ? Number(ids[0]) : null;
}

/** What a process has open as `fd`, as `pipe:[4711]`; null when nothing or hidden from us. */
export function openAs(pid: number, fd: number | string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return null; // closed, gone, or another user's
  }
}

/** Open descriptors of a process by number; none when they are hidden from us. */
export function openFds(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return []; // gone, or another user's
  }
}

/** The flags a descriptor was opened with. */
export function openFlags(pid: number, fd: string): number {
  const flags = /^flags:\s+(\d+)/m.exec(readText(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[1];
  return Number.parseInt(flags ?? '0', 8);
}

/** Whether a process numbers processes as we do: another pid namespace is another machine. */
export function sharesOurPids(pid: number): boolean {
  return openNamespace(pid) === openNamespace('self');
}

function openNamespace(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null; // gone, or another user's
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // gone, or hidden from us
  }
}
