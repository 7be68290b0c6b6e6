import type { Cancel, Clock } from '../clock.ts';
import type { UsageGlance, UsagePoint, UsageSeries } from '../fleet/metrics.ts';
import { Batch } from '../store/batch.ts';
import type { MetricGrain, MetricOwner, MetricRow, Metrics } from '../store/metrics.ts';
import { RING_MS, RING_STEP_MS, UsageRing } from './usage-ring.ts';
import { UsageSum } from './usage-sum.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const GRAIN_MS: Readonly<Record<MetricGrain, number>> = { minute: MINUTE_MS, hour: HOUR_MS };
const BATCH = { rows: 200, ms: 100 } as const;
const GLANCE_STEP_MS = 2 * MINUTE_MS;
const GLANCE_POINTS = 30;

/** How long minutes and hours are kept. */
export const KEEP_MINUTES_MS = 26 * HOUR_MS;
export const KEEP_HOURS_MS = 90 * 24 * HOUR_MS;

interface Held {
  readonly owner: MetricOwner;
  readonly ring: UsageRing;
  /** Of a host: its last hour before this hub was started. */
  readonly past: readonly UsagePoint[];
  readonly sums: { minute: UsageSum | null; hour: UsageSum | null };
}

type Measured = readonly [cpuPercent: number, memoryBytes: number];

export interface SeriesWish {
  readonly fromMs: number;
  readonly toMs: number;
  /** Left out: about 240 points. */
  readonly stepMs?: number | undefined;
}

/**
 * What processes and hosts used: the last hour in memory, minutes and hours in the store. Of 10,000 processes it holds
 * about 30 MB; who was not measured for an hour is no longer held.
 */
export class UsageHistory {
  readonly #store: Metrics;
  readonly #clock: Clock;
  readonly #records = new Map<string, Held>();
  readonly #rows: Batch<MetricRow>;
  #cancelMinute: Cancel;

  constructor(store: Metrics, clock: Clock, failed: (error: unknown, dropped: number) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#rows = new Batch((rows) => store.put(rows), clock, BATCH, failed);
    this.#cancelMinute = clock.after(MINUTE_MS, () => this.#everyMinute());
  }

  /** One look at a host: `group:name` → CPU and memory; their sum counts for the host. */
  measured(hostId: string, of: ReadonlyMap<string, Measured>): void {
    let [cpu, memory] = [0, 0];
    for (const [name, [itsCpu, itsMemory]] of of) {
      const colon = name.indexOf(':');
      this.#add({ hostId, group: name.slice(0, colon), process: name.slice(colon + 1) }, itsCpu, itsMemory);
      cpu += itsCpu;
      memory += itsMemory;
    }
    if (of.size > 0) this.#add({ hostId, group: '', process: '' }, cpu, memory);
  }

  /** Empty where nothing was ever measured, as on hosts without an agent. */
  series(owner: MetricOwner, { fromMs, toMs, stepMs: wanted }: SeriesWish): UsageSeries {
    const stepMs = Math.max(RING_STEP_MS, wanted ?? niceStep((toMs - fromMs) / 240));
    return { fromMs, toMs, stepMs, points: grouped(this.#points(owner, fromMs, toMs, stepMs), stepMs) };
  }

  /** The last hour of a host at a glance; null when it was not measured within it. */
  glance(hostId: string): UsageGlance | null {
    const record = this.#records.get(keyOf({ hostId, group: '', process: '' }));
    if (record === undefined) return null;
    const nowMs = this.#clock.wallMs();
    const toMs = (Math.floor(nowMs / GLANCE_STEP_MS) + 1) * GLANCE_STEP_MS;
    const fromMs = toMs - GLANCE_POINTS * GLANCE_STEP_MS;
    const recent = record.ring.points(fromMs, toMs);
    const latest = recent.findLast(({ atMs }) => nowMs - atMs < GLANCE_STEP_MS);
    const past = record.past.filter(({ atMs }) => atMs >= fromMs && atMs < (recent[0]?.atMs ?? toMs));
    const points = grouped([...past, ...recent], GLANCE_STEP_MS);
    if (points.length === 0) return null;
    const at = new Map(points.map((point) => [point.atMs, point]));
    const slots = Array.from({ length: GLANCE_POINTS }, (_, nth) => at.get(fromMs + nth * GLANCE_STEP_MS));
    return {
      cpuPercent: tenth(latest?.cpu ?? 0),
      memoryBytes: Math.round(latest?.memory ?? 0),
      cpu: slots.map((point) => (point === undefined ? null : tenth(point.cpu))),
      memory: slots.map((point) => (point === undefined ? null : Math.round(point.memory))),
    };
  }

  /** Writes what is not full yet. */
  close(): void {
    this.#cancelMinute();
    for (const record of this.#records.values()) this.#writeBefore(record, Number.POSITIVE_INFINITY);
    this.#rows.close();
  }

  #add(owner: MetricOwner, cpu: number, memory: number): void {
    const nowMs = this.#clock.wallMs();
    const key = keyOf(owner);
    const known = this.#records.get(key);
    const record = known ?? this.#hold(owner, nowMs);
    if (known === undefined) this.#records.set(key, record);
    record.ring.add(nowMs, cpu, memory);
    for (const grain of ['minute', 'hour'] as const) {
      const at = Math.floor(nowMs / GRAIN_MS[grain]);
      if (record.sums[grain]?.at !== at) {
        this.#write(record, grain);
        record.sums[grain] = new UsageSum(at);
      }
      record.sums[grain]?.add({ cpu, cpuMost: cpu, memory, memoryMost: memory });
    }
  }

  #hold(owner: MetricOwner, nowMs: number): Held {
    const past = owner.group === '' ? this.#store.points(owner, 'minute', nowMs - RING_MS, nowMs) : [];
    return { owner, ring: new UsageRing(), past, sums: { minute: null, hour: null } };
  }

  #points(owner: MetricOwner, fromMs: number, toMs: number, stepMs: number): UsagePoint[] {
    const nowMs = this.#clock.wallMs();
    const record = this.#records.get(keyOf(owner));
    const recent = stepMs < MINUTE_MS && record !== undefined ? record.ring.points(fromMs, toMs) : [];
    const recentFromMs = recent[0]?.atMs ?? toMs;
    const minutesFromMs = stepMs < HOUR_MS ? Math.max(fromMs, nowMs - KEEP_MINUTES_MS) : toMs;
    const hours = this.#kept(owner, record, 'hour', fromMs, Math.min(minutesFromMs, recentFromMs));
    const minutes = this.#kept(owner, record, 'minute', minutesFromMs, Math.min(toMs, recentFromMs));
    return [...hours, ...minutes, ...recent];
  }

  /** What is written, and the while that is not over. */
  #kept(
    owner: MetricOwner,
    record: Held | undefined,
    grain: MetricGrain,
    fromMs: number,
    toMs: number,
  ): UsagePoint[] {
    if (fromMs >= toMs) return [];
    const written = this.#store.points(owner, grain, fromMs, toMs);
    const sum = record?.sums[grain] ?? null;
    const atMs = sum === null ? Number.NaN : sum.at * GRAIN_MS[grain];
    if (sum === null || atMs < fromMs || atMs >= toMs) return written;
    return [...written.filter((point) => point.atMs !== atMs), { atMs, ...sum.usage() }];
  }

  #everyMinute(): void {
    this.#cancelMinute = this.#clock.after(MINUTE_MS, () => this.#everyMinute());
    const nowMs = this.#clock.wallMs();
    for (const [key, record] of this.#records) {
      this.#writeBefore(record, nowMs);
      if (nowMs - record.ring.newestMs > RING_MS) this.#records.delete(key);
    }
  }

  #writeBefore(record: Held, nowMs: number): void {
    for (const grain of ['minute', 'hour'] as const)
      if (((record.sums[grain]?.at ?? Number.POSITIVE_INFINITY) + 1) * GRAIN_MS[grain] <= nowMs) {
        this.#write(record, grain);
        record.sums[grain] = null;
      }
  }

  #write({ owner, sums }: Held, grain: MetricGrain): void {
    const sum = sums[grain];
    if (sum === null) return;
    this.#rows.add({ owner, grain, atMs: sum.at * GRAIN_MS[grain], samples: sum.samples, ...sum.usage() });
  }
}

const keyOf = ({ hostId, group, process }: MetricOwner): string => `${hostId}/${group}:${process}`;
const tenth = (value: number): number => Math.round(value * 10) / 10;

const NICE_MS = [
  15_000,
  30_000,
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((n) => n * MINUTE_MS),
];

function niceStep(ms: number): number {
  return NICE_MS.find((step) => step >= ms) ?? Math.ceil(ms / (24 * HOUR_MS)) * 24 * HOUR_MS;
}

/** Points of the same step become one; a point that stands for longer than a step stays as it is. */
function grouped(points: readonly UsagePoint[], stepMs: number): UsagePoint[] {
  const sums = new Map<number, UsageSum>();
  for (const point of points) {
    const at = Math.floor(point.atMs / stepMs);
    const sum = sums.get(at) ?? new UsageSum(at);
    sums.set(at, sum);
    sum.add(point);
  }
  return [...sums.values()].map((sum) => ({ atMs: sum.at * stepMs, ...sum.usage() }));
}
