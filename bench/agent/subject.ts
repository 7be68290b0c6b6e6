import { readdirSync, readFileSync } from 'node:fs';
import {
  type Setup,
  type SupervisorKind,
  startSupervisor,
  type TestSupervisor,
} from '../../tests/support/supervisors.ts';

/** A daemon under measurement, with what the kernel accounts to it. Threads count, children do not. */
export interface Subject extends TestSupervisor {
  /** CPU milliseconds used so far. */
  cpuMs(): number;
  /** Voluntary context switches so far: how often it was woken. */
  wakeups(): number;
  rssMiB(): number;
}

function tasks(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);
}

function sum(pid: number, read: (task: string) => number): number {
  return tasks(pid).reduce((total, task) => total + read(task), 0);
}

/** Runs `measure` against a fresh daemon and stops it afterwards, whatever happens. */
export async function withSubject<T>(
  kind: SupervisorKind,
  setup: Setup,
  measure: (subject: Subject) => Promise<T>,
): Promise<T> {
  const cleanUps: (() => void | Promise<void>)[] = [];
  const lifetime = { onTestFinished: (cleanUp: () => void | Promise<void>) => void cleanUps.push(cleanUp) };
  try {
    const supervisor = await startSupervisor(lifetime, kind, setup);
    return await measure({
      ...supervisor,
      cpuMs: () =>
        sum(supervisor.pid, (task) => Number(readFileSync(`${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6),
      wakeups: () => sum(supervisor.pid, (task) => field(`${task}/status`, 'voluntary_ctxt_switches')),
      rssMiB: () => field(`/proc/${supervisor.pid}/status`, 'VmRSS') / 1024,
    });
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

function field(file: string, name: string): number {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  return Number(line?.split(/\s+/)[1] ?? Number.NaN);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
