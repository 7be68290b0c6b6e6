import type { TailLine } from '../fleet/log-line.ts';
import type { Parsed } from '../fleet/problem.ts';
import { lineFilter } from './line-filter.ts';
import { type DownloadWish, type LogDownload, LogDownloads } from './log-download.ts';
import { type LogSearch, LogSearches, type SearchWish } from './log-search.ts';
import { Merge } from './merge.ts';
import { Pace } from './pace.ts';
import { TailMembers } from './tail-members.ts';
import { TailNewsDesk } from './tail-news.ts';
import { type LogTailsPorts, readTargets, type TailWish } from './tail-wish.ts';

/** What one tail may read, and all of them together: beyond it the hosts leave out and say so. */
const TAIL_BYTES_PER_SECOND = 8 * 1024 * 1024;
const ALL_BYTES_PER_SECOND = 24 * 1024 * 1024;
/** What all searches and downloads together may read. */
const WHOLE_LOGS_BYTES_PER_SECOND = 32 * 1024 * 1024;

/** An open tail over one or many logs. Nothing is read ahead of the reader but a window of 1 MiB in all. */
export interface LogTail {
  readonly lines: AsyncIterable<readonly TailLine[]>;
  /** Ends the lines also when somebody is waiting for them. */
  close(): void;
}

export class LogTails {
  readonly #ports: LogTailsPorts;
  readonly #pace: Pace;
  readonly #desk: TailNewsDesk;
  readonly #searches: LogSearches;
  readonly #downloads: LogDownloads;

  constructor(ports: LogTailsPorts) {
    this.#ports = ports;
    this.#pace = new Pace(ALL_BYTES_PER_SECOND, ports.clock);
    this.#desk = new TailNewsDesk(ports.fleet, ports.bug ?? (() => {}));
    const pace = new Pace(WHOLE_LOGS_BYTES_PER_SECOND, ports.clock);
    this.#searches = new LogSearches(ports, pace);
    this.#downloads = new LogDownloads(ports, pace);
  }

  /** Lines in the ends of many logs; of each log what was found, as soon as it is done. */
  search(wish: SearchWish): Parsed<LogSearch> {
    return this.#searches.open(wish);
  }

  /** The end of one log as it is, or of many as text with their names before each line. */
  download(wish: DownloadWish): Promise<Parsed<LogDownload>> {
    return this.#downloads.open(wish);
  }

  /** While followed, a tail keeps to its targets: processes that come to be named join it, others leave it with a note. */
  open(wish: TailWish): Parsed<LogTail> {
    const { fleet, clock } = this.#ports;
    const filter = lineFilter(wish);
    if (!filter.ok) return filter;
    const now = { hosts: fleet.hosts(), processes: fleet.processes() };
    const wanted = readTargets(wish, now);
    if (!wanted.ok) return wanted;
    const merge = new Merge<readonly TailLine[]>(
      wish.mode === 'follow' ? 'when closed' : 'with its last stream',
    );
    const pace = new Pace(TAIL_BYTES_PER_SECOND, clock, this.#pace);
    const members = new TailMembers(
      { wanted: wanted.value, wish, filter: filter.value, pace, merge, desk: this.#desk },
      this.#ports,
    );
    const problem = members.begin(now);
    if (problem !== null) return { ok: false, problems: [problem] };
    const close = (): void => {
      members.close();
      merge.close();
    };
    return { ok: true, value: { lines: closing(merge, close), close } };
  }
}

/** A reader that leaves early closes too. */
async function* closing<T>(lines: AsyncIterable<T>, close: () => void): AsyncGenerator<T> {
  try {
    yield* lines;
  } finally {
    close();
  }
}
