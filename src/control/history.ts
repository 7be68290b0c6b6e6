import type { Cancel, Clock } from '../clock.ts';
import type { NewFleetEvent } from '../fleet/event.ts';
import type { LastKnown } from '../fleet/last-known.ts';
import type { AgentCursor } from '../links/agent-registry.ts';
import { Batch } from '../store/batch.ts';
import type { BeatRow } from '../store/beats.ts';
import type { Store } from '../store/store.ts';
import { BEAT_COUNT, HOUR_MS, hourOf } from './beats.ts';
import { EventFeed } from './event-feed.ts';
import { LastKnownKeeper } from './last-known-keeper.ts';
import type { ProcessRecord } from './process-record.ts';

const KEEP_CURSORS_MS = 1_000;
const BATCH = { rows: 200, ms: 100 } as const;

/** What is remembered of the fleet over a restart of the hub. */
export interface History {
  /** Puts back into a new record what was known of that process. */
  restore(hostId: string, record: ProcessRecord): void;
  event(event: NewFleetEvent): void;
  beat(beat: BeatRow): void;
  /** A host told something new; `tell` puts together all it told, and is asked later. */
  known(hostId: string, tell: () => LastKnown | null): void;
  /** What a host told last, as of the hub before; null: nothing. */
  recall(hostId: string): LastKnown | null;
}

type HistoryStore = Pick<Store, 'events' | 'beats' | 'lastKnown' | 'uplinkCursors' | 'inTransaction'>;
type Past = { restartsAtMs: number[]; crash?: { atMs: number; lines: readonly string[] }; beats: BeatRow[] };

/** History in the store: read once at the start, written in batches from then on. */
export class StoredHistory implements History {
  /** What was written, for those who follow. */
  readonly feed: EventFeed;
  readonly #store: HistoryStore;
  readonly #clock: Clock;
  readonly #failed: (error: unknown, dropped: number) => void;
  readonly #cursors = new Map<string, AgentCursor>();
  #cancelKeep: Cancel | null = null;
  readonly #past = new Map<string, Past>();
  readonly #events: Batch<NewFleetEvent>;
  readonly #beats: Batch<BeatRow>;
  readonly #lastKnown: LastKnownKeeper;
  /** As history has each host: a restart of the hub is not news of a host. */
  readonly #hostStates: Map<string, string>;

  constructor(
    store: HistoryStore,
    clock: Clock,
    failed: (error: unknown, dropped: number) => void,
    bug: (error: unknown) => void = (error) => failed(error, 0),
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#failed = failed;
    this.feed = new EventFeed(store.events, bug);
    this.#hostStates = new Map(store.events.lastOfHosts());
    this.#events = new Batch((rows, isLast) => this.#write(rows, isLast), clock, BATCH, failed);
    this.#beats = new Batch((rows) => store.beats.put(rows), clock, BATCH, failed);
    this.#lastKnown = new LastKnownKeeper({
      rows: store.lastKnown,
      clock,
      failed: (error) => failed(error, 0),
    });
    this.#load();
  }

  restore(hostId: string, record: ProcessRecord): void {
    const past = this.#past.get(keyOf(hostId, record.now.group, record.now.name));
    if (past === undefined) return;
    record.remember(past);
    for (const { hour, beat } of past.beats) record.rememberBeat(hour, beat);
  }

  event(event: NewFleetEvent): void {
    if (event.kind === 'host') {
      if (this.#hostStates.get(event.hostId) === event.state) return;
      this.#hostStates.set(event.hostId, event.state);
    }
    this.#events.add(event);
  }

  beat(beat: BeatRow): void {
    this.#beats.add(beat);
  }

  known(hostId: string, tell: () => LastKnown | null): void {
    this.#lastKnown.changed(hostId, tell);
  }

  recall(hostId: string): LastKnown | null {
    return this.#store.lastKnown.of(hostId);
  }

  /**
   * How far the hub has the events of an agent. Written in one commit with the history of these events: a hub that is
   * killed then has both or neither, and tells nothing twice.
   */
  cursor(hostId: string, cursor: AgentCursor): void {
    this.#cursors.set(hostId, cursor);
    this.#cancelKeep ??= this.#clock.after(KEEP_CURSORS_MS, () => this.#keepCursors());
  }

  /** Writes what waits. */
  close(): void {
    this.#keepCursors();
    this.#events.close();
    this.#beats.close();
    this.#lastKnown.close();
  }

  #write(events: readonly NewFleetEvent[], isLast: boolean): void {
    const { inTransaction, events: rows } = this.#store;
    const written = inTransaction(() => {
      const numbered = rows.add(events);
      if (isLast) this.#store.uplinkCursors.put(this.#cursors);
      return numbered;
    });
    if (isLast) this.#cursors.clear();
    this.feed.written(written);
  }

  #keepCursors(): void {
    this.#cancelKeep?.();
    this.#cancelKeep = null;
    this.#events.flush(); // and the cursors with them
    if (this.#cursors.size === 0 || !this.#events.isEmpty) return;
    try {
      this.#store.uplinkCursors.put(this.#cursors);
      this.#cursors.clear();
    } catch (error) {
      this.#failed(error, 0); // an agent whose cursor is older tells some events again
    }
  }

  #load(): void {
    const nowMs = this.#clock.wallMs();
    for (const event of this.#store.events.notableSince(nowMs - BEAT_COUNT * HOUR_MS)) {
      if (event.kind !== 'process') continue;
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
}

const keyOf = (hostId: string, group: string, process: string): string => `${hostId}/${group}:${process}`;
