import type { Cancel, Clock } from '../clock.ts';
import type { TailLine } from '../fleet/log-line.ts';

/** The past of a log comes at once; what comes after a pause this long is new. */
const PAUSE_MS = 250;
/** A past that has not begun by then is taken for empty; one that has not paused by then runs into the present. */
const LONGEST_MS = 2_000;

export interface PastWish {
  /** Lines of the past to show, all of them at most. */
  readonly count: number;
  /** Bytes of the past that were asked for: after as many, all that comes is new. */
  readonly bytes: number;
  /** Of a log that is not followed everything is past. */
  readonly mode: 'follow' | 'once';
}

type Portions = AsyncIterator<readonly TailLine[]>;

/**
 * Of the past of one log the last `count` lines, then everything that follows, with nothing lost or doubled between.
 * A log is asked for by bytes and does not say where its past ends: that is told by the bytes or by a pause.
 */
export async function* lastLinesFirst(
  portions: Portions,
  wish: PastWish,
  clock: Clock,
): AsyncGenerator<readonly TailLine[]> {
  const past = new Past(wish);
  const beganMs = clock.uptimeMs();
  try {
    for (;;) {
      const next = portions.next();
      const leftMs = beganMs + LONGEST_MS - clock.uptimeMs();
      const waitMs = past.hasBegun ? Math.min(PAUSE_MS, leftMs) : leftMs;
      const arrived = await (wish.mode === 'once' ? next : within(next, past.isOver ? 0 : waitMs, clock));
      if (arrived === null) {
        if (past.lines.length > 0) yield past.lines;
        yield* rest(portions, await next);
        return;
      }
      if (arrived.done) break;
      past.add(arrived.value);
    }
    if (past.lines.length > 0) yield past.lines;
  } finally {
    void Promise.resolve(portions.return?.()).catch(() => {}); // nobody is left to hear how it ends
  }
}

async function* rest(
  portions: Portions,
  first: IteratorResult<readonly TailLine[]>,
): AsyncGenerator<readonly TailLine[]> {
  for (let next = first; !next.done; next = await portions.next()) yield next.value;
}

class Past {
  readonly #wish: PastWish;
  #bytes = 0;
  lines: TailLine[] = [];
  hasBegun = false;
  isOver = false;

  constructor(wish: PastWish) {
    this.#wish = wish;
  }

  add(portion: readonly TailLine[]): void {
    this.hasBegun = true;
    for (const line of portion) {
      if (line.kind === 'line') this.#bytes += Buffer.byteLength(line.text) + 1;
      else this.isOver = true; // something happened to the log or its host: that is the present
    }
    const all = [...this.lines, ...portion];
    let left = this.#wish.count;
    this.lines = all.reverse().filter((line) => line.kind === 'note' || left-- > 0);
    this.lines.reverse();
    this.isOver ||= this.#bytes >= this.#wish.bytes;
  }
}

/** What the promise gives, or null when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number, clock: Clock): Promise<T | null> {
  if (ms <= 0) return null;
  let cancel: Cancel = () => {};
  const late = new Promise<null>((done) => {
    cancel = clock.after(ms, () => done(null));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
