import { readFileSync } from 'node:fs';

/** What a child has used so far. */
export interface ProcUsage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** Linux tells CPU time in ticks of 10 ms to every program, whatever the kernel counts in. */
const TICK_MS = 10;
/** Fields of /proc/PID/stat after the command's closing parenthesis. */
const UTIME = 11;
const STIME = 12;

/** Reads /proc; null when the process is gone or there is no /proc. */
export function procUsage(pid: number): ProcUsage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[UTIME]) + Number(fields[STIME]);
    const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return { cpuMs: ticks * TICK_MS, memoryBytes: Number(rss ?? 0) * 1024 };
  } catch {
    return null; // it ended between being listed and being looked at
  }
}
