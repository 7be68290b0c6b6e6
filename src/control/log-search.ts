import { setMaxListeners } from 'node:events';
import type { Channel } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import type { SearchResult } from '../fleet/log-line.ts';
import type { Parsed } from '../fleet/problem.ts';
import { type LineFilter, lineFilter } from './line-filter.ts';
import { LineSplitter } from './line-splitter.ts';
import { type LogPieces, readLog } from './log-pieces.ts';
import { Merge } from './merge.ts';
import type { Pace } from './pace.ts';
import { type SearchedLog, searchedLogs } from './searched-logs.ts';
import type { LogTailsPorts, Named } from './tail-wish.ts';
import { Turnstile } from './turnstile.ts';

export interface SearchWish extends Named {
  readonly channels: readonly Channel[];
  readonly text?: string | undefined;
  readonly regex?: string | undefined;
  /** Of each log its last so many bytes. */
  readonly bytes: number;
  /** Lines shown before and after each match. */
  readonly context: number;
  /** Matches shown of each log; all are counted. */
  readonly limit: number;
}

export interface LogSearch {
  readonly lines: AsyncIterable<readonly SearchResult[]>;
  close(): void;
}

/** Logs one search may look at, at once in all, and at once on one host. */
const MOST_LOGS = 2_000;
const AT_ONCE = 16;
const AT_ONCE_PER_HOST = 2;

/** Looks for lines in the ends of many logs; a host that does not answer holds up nobody but its own logs. */
export class LogSearches {
  readonly #ports: LogTailsPorts;
  readonly #pace: Pace;

  /** `pace` is shared by all that read whole logs: together they leave the hub time for everything else. */
  constructor(ports: LogTailsPorts, pace: Pace) {
    this.#ports = ports;
    this.#pace = pace;
  }

  open(wish: SearchWish): Parsed<LogSearch> {
    const filter = lineFilter(wish);
    if (!filter.ok) return filter;
    if (filter.value === null) return problem('text', 'is missing: what is to be looked for?');
    const logs = searchedLogs(wish, this.#ports);
    if (!logs.ok) return logs;
    if (logs.value.length > MOST_LOGS)
      return problem(
        'selector',
        `names ${logs.value.length} logs; at most ${MOST_LOGS} can be searched at once`,
      );
    return { ok: true, value: this.#run(wish, filter.value, logs.value) };
  }

  #run(wish: SearchWish, filter: LineFilter, logs: readonly SearchedLog[]): LogSearch {
    const merge = new Merge<readonly SearchResult[]>('with its last stream');
    const stop = new AbortController();
    setMaxListeners(0, stop.signal); // each log that waits its turn listens for the end
    const gate = new Turnstile(AT_ONCE, AT_ONCE_PER_HOST);
    for (const log of logs) merge.add(this.#searchOne(log, gate, { wish, filter, signal: stop.signal }));
    const close = (): void => {
      stop.abort();
      merge.close();
    };
    return { lines: summed(merge, this.#ports.clock, close), close };
  }

  async *#searchOne(
    log: SearchedLog,
    gate: Turnstile,
    { wish, filter, signal }: { wish: SearchWish; filter: LineFilter; signal: AbortSignal },
  ): AsyncGenerator<SearchResult[]> {
    const leave = await gate.enter(log.hostId, signal);
    if (leave === null) return;
    try {
      const found = new Matches(log, wish, filter);
      const pieces: LogPieces = readLog(log, { bytes: wish.bytes, pace: this.#pace, signal }, this.#ports);
      for await (const data of pieces) {
        const matches = found.take(data);
        if (matches.length > 0) yield matches;
      }
      if (!signal.aborted) yield found.end(pieces.troubles());
    } finally {
      leave();
    }
  }
}

class Matches {
  readonly #log: SearchedLog;
  readonly #wish: SearchWish;
  readonly #filter: LineFilter;
  readonly #splitter = new LineSplitter();
  #past: string[] = [];
  /** Matches that wait for the lines after them. */
  #open: {
    readonly line: number;
    readonly text: string;
    readonly before: string[];
    readonly after: string[];
  }[] = [];
  #matches = 0;
  #shown = 0;
  #lines = 0;
  #bytes = 0;

  constructor(log: SearchedLog, wish: SearchWish, filter: LineFilter) {
    this.#log = log;
    this.#wish = wish;
    this.#filter = filter;
  }

  take(data: Buffer): SearchResult[] {
    this.#bytes += data.length;
    return this.#splitter.push(data).flatMap((text) => this.#line(text));
  }

  end(says: readonly string[]): SearchResult[] {
    const rest = this.#splitter.rest().flatMap((text) => this.#line(text));
    const { name: source, channel } = this.#log;
    return [
      ...rest,
      ...this.#close(() => true),
      {
        kind: 'searched',
        source,
        channel,
        matches: this.#matches,
        shown: this.#shown,
        lines: this.#lines,
        bytes: this.#bytes,
        says: says.join('; '),
      },
    ];
  }

  #line(text: string): SearchResult[] {
    const line = ++this.#lines;
    const { context, limit } = this.#wish;
    for (const match of this.#open) match.after.push(text);
    if (this.#filter(text)) {
      this.#matches++;
      if (this.#shown < limit) {
        this.#shown++;
        this.#open.push({ line, text, before: [...this.#past], after: [] });
      }
    }
    if (context > 0) this.#past = [...this.#past, text].slice(-context);
    return this.#close(({ after }) => after.length >= context);
  }

  #close(isDone: (match: { readonly after: readonly string[] }) => boolean): SearchResult[] {
    const { name: source, channel } = this.#log;
    const done = this.#open.filter(isDone);
    if (done.length > 0) this.#open = this.#open.filter((match) => !done.includes(match));
    return done.map((match) => ({ kind: 'match', source, channel, ...match }));
  }
}

async function* summed(
  results: AsyncIterable<readonly SearchResult[]>,
  clock: Clock,
  close: () => void,
): AsyncGenerator<readonly SearchResult[]> {
  const beganMs = clock.uptimeMs();
  let matches = 0;
  let logs = 0;
  let troubled = 0;
  try {
    for await (const some of results) {
      for (const one of some) {
        if (one.kind !== 'searched') continue;
        logs++;
        matches += one.matches;
        if (one.says !== '') troubled++;
      }
      yield some;
    }
    yield [{ kind: 'end', matches, logs, troubled, tookMs: Math.round(clock.uptimeMs() - beganMs) }];
  } finally {
    close();
  }
}

function problem(where: string, says: string): { ok: false; problems: [{ where: string; says: string }] } {
  return { ok: false, problems: [{ where, says }] };
}
