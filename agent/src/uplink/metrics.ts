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
    for (const { group, name, pid, startedAtMs } of this.#supervisor
      .groups()
      .flatMap((one) => one.processes)) {
      const usage = pid > 0 ? this.#usage(pid) : null;
      if (usage === null) continue;
      const key = `${group}:${name}`;
      const sample = { pid, atMs: this.#clock.uptimeMs(), cpuMs: usage.cpuMs };
      next.set(key, sample);
      const before = this.#last.get(key);
      const since = before?.pid === pid ? before : this.#birth(pid, startedAtMs);
      of[key] = [cpuPercent(since, sample), usage.memoryBytes];
    }
    this.#last = next;
    if (next.size > 0) this.#tell(of);
  }

  /** At a first look the whole life of the child counts. */
  #birth(pid: number, startedAtMs: number): Sample {
    return { pid, atMs: this.#clock.uptimeMs() - (this.#clock.wallMs() - startedAtMs), cpuMs: 0 };
  }
}

/** Of one core, between two looks. */
function cpuPercent(before: Sample, now: Sample): number {
  if (now.atMs <= before.atMs) return 0;
  return Math.round((Math.max(0, now.cpuMs - before.cpuMs) / (now.atMs - before.atMs)) * 1000) / 10;
}
