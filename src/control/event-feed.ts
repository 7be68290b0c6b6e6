import type { EventKind, FleetEvent } from '../fleet/event.ts';
import type { FleetEvents } from '../store/fleet-events.ts';
import { Subscribers } from './subscribers.ts';

/** What those who follow closely are served from without asking the store. */
const KEPT = 2_000;
const AT_ONCE = 500;
/** Rows one request looks through for those it wants. */
const MOST_LOOKED_AT = 20_000;

/** Which events somebody wants. */
export interface EventWish {
  readonly kind?: EventKind | undefined;
  readonly wants: (event: FleetEvent) => boolean;
}

/** Some events, and the number up to which everything was looked at. */
export interface EventStep {
  readonly events: readonly FleetEvent[];
  readonly cursor: number;
  /** Numbers that were asked for and are not there any more, or never were: said once, at the beginning. */
  readonly gap?: string;
}

export interface EventPage extends EventStep {
  /** There are more after `cursor`; or, of the last ones, more before the first. */
  readonly more: boolean;
}

/**
 * The written events, by number. Whoever follows is told that there is something and reads from its own number on: so
 * nothing is left out and nothing comes twice, however slow it reads or often it comes back.
 */
export class EventFeed {
  readonly #store: Pick<FleetEvents, 'list' | 'bounds'>;
  readonly #news: Subscribers<void>;
  #ring: FleetEvent[] = [];

  constructor(store: Pick<FleetEvents, 'list' | 'bounds'>, bug: (error: unknown) => void) {
    this.#store = store;
    this.#news = new Subscribers(bug);
  }

  written(events: readonly FleetEvent[]): void {
    this.#ring = [...this.#ring, ...events].slice(-KEPT);
    this.#news.tell();
  }

  /** Those after a number, oldest first. */
  page({ kind, wants }: EventWish, after: number, limit: number): EventPage {
    const events: FleetEvent[] = [];
    let cursor = after;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += AT_ONCE) {
      const some = this.#store.list({ after: cursor, kind, limit: AT_ONCE });
      for (const event of some) {
        if (events.length === limit) return { events, cursor, more: true };
        if (wants(event)) events.push(event);
        cursor = event.id;
      }
      if (some.length < AT_ONCE) return { events, cursor, more: false };
    }
    return { events, cursor, more: true };
  }

  /** The last ones, or the last before a number; oldest first all the same. */
  latest({ kind, wants }: EventWish, limit: number, before?: number): EventPage {
    const found: FleetEvent[] = [];
    let end = before;
    let cursor = this.#store.bounds().last;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += AT_ONCE) {
      const some = this.#store.list({ before: end, kind, limit: AT_ONCE });
      for (const event of some.toReversed()) {
        if (found.length === limit) return { events: found.reverse(), cursor, more: true };
        if (wants(event)) found.push(event);
      }
      if (some.length < AT_ONCE) return { events: found.reverse(), cursor, more: false };
      end = some[0]?.id;
      cursor = before === undefined ? cursor : before - 1;
    }
    return { events: found.reverse(), cursor, more: true };
  }

  /** Everything after a number, as it comes, until the signal; without a number, what is new from now on. */
  async *follow(wish: EventWish, after: number | null, signal: AbortSignal): AsyncGenerator<EventStep> {
    const { cursor: from, gap } = this.#begin(after);
    let cursor = from;
    if (gap !== null) yield { events: [], cursor, gap };
    let wake: () => void = () => {};
    let isStale = true;
    const rouse = (): void => {
      isStale = true;
      wake();
    };
    const unsubscribe = this.#news.add(rouse);
    signal.addEventListener('abort', rouse);
    try {
      while (!signal.aborted) {
        const some: readonly FleetEvent[] = isStale ? this.#after(cursor) : [];
        isStale = some.length === AT_ONCE;
        cursor = some.at(-1)?.id ?? cursor;
        if (some.length > 0) yield { events: some.filter((event) => fits(event, wish)), cursor };
        else if (!isStale) await new Promise<void>((done) => (wake = done));
      }
    } finally {
      unsubscribe();
      signal.removeEventListener('abort', rouse);
    }
  }

  #begin(after: number | null): { readonly cursor: number; readonly gap: string | null } {
    const { first, last } = this.#store.bounds();
    if (after === null) return { cursor: last, gap: null };
    if (after > last)
      return { cursor: last, gap: 'this number was never given: the stream begins with what is new' };
    const isLost = after > 0 && after < first - 1;
    return { cursor: after, gap: isLost ? `what came before number ${first} is not kept any more` : null };
  }

  #after(cursor: number): readonly FleetEvent[] {
    const first = this.#ring[0]?.id;
    if (first === undefined || first > cursor + 1) return this.#store.list({ after: cursor, limit: AT_ONCE });
    const from = this.#ring.findIndex(({ id }) => id > cursor);
    return from < 0 ? [] : this.#ring.slice(from, from + AT_ONCE);
  }
}

const fits = (event: FleetEvent, { kind, wants }: EventWish): boolean =>
  (kind === undefined || event.kind === kind) && wants(event);
