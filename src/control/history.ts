import type { Cancel, Clock } from '../clock.ts';
import { Batch } from '../store/batch.ts';
import type { BeatRow } from '../store/beats.ts';
import type { ProcessEvent } from '../store/process-events.ts';
import type { Store } from '../store/store.ts';
import { BEAT_COUNT, HOUR_MS, hourOf } from './beats.ts';
import type { ProcessRecord } from './process-record.ts';

const BATCH = { rows: 200, ms: 100 } as const;
const KEEP_EVENTS_MS = 14 * 24 * HOUR_MS;

/** What is remembered of the fleet over a restart of the hub. */
export interface History {
  /** Puts back into a new record what was known of that process. */
  restore(hostId: string, record: ProcessRecord): void;
  event(event: ProcessEvent): void;
  beat(beat: BeatRow): void;
}

type Past = { restartsAtMs: number[]; crash?: { atMs: number; lines: readonly string[] }; beats: BeatRow[] };

/** History in the store: read once at the start, written in batches from then on. */
export class StoredHistory implements History {
  readonly #store: Pick<Store, 'events' | 'beats'>;
  readonly #clock: Clock;
  readonly #past = new Map<string, Past>();
  readonly #events: Batch<ProcessEvent>;
  readonly #beats: Batch<BeatRow>;
  #cancelPurge: Cancel;

  constructor(
    store: Pick<Store, 'events' | 'beats'>,
    clock: Clock,
    failed: (error: unknown, dropped: number) => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#events = new Batch((rows) => store.events.add(rows), clock, BATCH, failed);
    this.#beats = new Batch((rows) => store.beats.put(rows), clock, BATCH, failed);
    this.#load();
    this.#cancelPurge = clock.after(60_000, () => this.#purge());
  }

  restore(hostId: string, record: ProcessRecord): void {
    const past = this.#past.get(keyOf(hostId, record.now.group, record.now.name));
    if (past === undefined) return;
    record.remember(past);
    for (const { hour, beat } of past.beats) record.rememberBeat(hour, beat);
  }

  event(event: ProcessEvent): void {
    this.#events.add(event);
  }

  beat(beat: BeatRow): void {
    this.#beats.add(beat);
  }

  /** Writes what waits, and forgets the timers. */
  close(): void {
    this.#cancelPurge();
    this.#events.close();
    this.#beats.close();
  }

  #load(): void {
    const nowMs = this.#clock.wallMs();
    for (const event of this.#store.events.notableSince(nowMs - BEAT_COUNT * HOUR_MS)) {
      const past = this.#pastOf(event.hostId, event.group, event.process);
      if (event.restarted) past.restartsAtMs.push(event.atMs);
      if (event.lastLines !== null) past.crash = { atMs: event.atMs, lines: event.lastLines };
    }
    for (const beat of this.#store.beats.since(hourOf(nowMs) - BEAT_COUNT))
      this.#pastOf(beat.hostId, beat.group, beat.process).beats.push(beat);
  }

  #pastOf(hostId: string, group: string, process: string): Past {
    const key = keyOf(hostId, group, process);
    const known = this.#past.get(key);
    if (known !== undefined) return known;
    const past: Past = { restartsAtMs: [], beats: [] };
    this.#past.set(key, past);
    return past;
  }

  #purge(): void {
    const nowMs = this.#clock.wallMs();
    this.#store.events.removeBefore(nowMs - KEEP_EVENTS_MS);
    this.#store.beats.removeBefore(hourOf(nowMs) - BEAT_COUNT);
    this.#cancelPurge = this.#clock.after(HOUR_MS, () => this.#purge());
  }
}

const keyOf = (hostId: string, group: string, process: string): string => `${hostId}/${group}:${process}`;
