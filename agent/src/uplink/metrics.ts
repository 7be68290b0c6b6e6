import type { Cancel, Clock } from '../os/clock.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { type ProcUsage, procUsage } from './proc-usage.ts';

const EVERY_MS = 5_000;

interface Sample {
  readonly pid: number;
  readonly atMs: number;
  readonly cpuMs: number;
}
type Metrics = Record<string, readonly [cpuPercent: number, memoryBytes: number]>;

/** Looks at what the children use, every 5 s from `begin` to `end` and never else. */
export class MetricsSampler {
  readonly #supervisor: Supervisor;
  readonly #clock: Clock;
  readonly #tell: (of: Metrics) => void;
  readonly #usage: (pid: number) => ProcUsage | null;
  #last = new Map<string, Sample>();
  #cancel: Cancel = () => {};

  constructor(supervisor: Supervisor, clock: Clock, tell: (of: Metrics) => void, usage = procUsage) {
    this.#supervisor = supervisor;
    this.#clock = clock;
    this.#tell = tell;
    this.#usage = usage;
  }

  begin(): void {
    this.end();
    this.#sample();
  }

  end(): void {
    this.#cancel();
    this.#last.clear();
  }

  #sample(): void {
    this.#cancel = this.#clock.after(EVERY_MS, () => this.#sample());
    const of: Metrics = Object.create(null);
    const next = new Map<string, Sample>();
    for (const { group, name, pid } of this.#supervisor.groups().flatMap((one) => one.processes)) {
      const usage = pid > 0 ? this.#usage(pid) : null;
      if (usage === null) continue;
      const key = `${group}:${name}`;
      const sample = { pid, atMs: this.#clock.uptimeMs(), cpuMs: usage.cpuMs };
      next.set(key, sample);
      of[key] = [cpuPercent(this.#last.get(key), sample), usage.memoryBytes];
    }
    this.#last = next;
    if (next.size > 0) this.#tell(of);
  }
}

/** Of one core, since the sample before of the same child; 0 for a first look. */
function cpuPercent(before: Sample | undefined, now: Sample): number {
  if (before === undefined || before.pid !== now.pid || now.atMs <= before.atMs) return 0;
  return Math.round(((now.cpuMs - before.cpuMs) / (now.atMs - before.atMs)) * 1000) / 10;
}
