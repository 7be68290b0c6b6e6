import type { Channel } from '@fleetvisor/agent/protocol';
import type { Parsed } from '../fleet/problem.ts';
import { LineSplitter } from './line-splitter.ts';
import { readLog } from './log-pieces.ts';
import type { Pace } from './pace.ts';
import { type SearchedLog, searchedLogs } from './searched-logs.ts';
import type { LogTailsPorts, Named } from './tail-wish.ts';

export interface DownloadWish extends Named {
  readonly channels: readonly Channel[];
  /** Of each log its last so many bytes. */
  readonly bytes: number;
}

export interface LogDownload {
  /** Of letters, digits, `.`, `_` and `-`. */
  readonly fileName: string;
  readonly data: AsyncIterable<Buffer>;
  close(): void;
}

const MOST_LOGS = 500;

/** Hands out the ends of logs. What could not be read stands in the text, as a sentence between dashes. */
export class LogDownloads {
  readonly #ports: LogTailsPorts;
  readonly #pace: Pace;

  constructor(ports: LogTailsPorts, pace: Pace) {
    this.#ports = ports;
    this.#pace = pace;
  }

  /** Resolves when the first bytes are there; a single log that cannot be read at all is a problem. */
  async open(wish: DownloadWish): Promise<Parsed<LogDownload>> {
    const logs = searchedLogs(wish, this.#ports);
    if (!logs.ok) return logs;
    if (logs.value.length > MOST_LOGS)
      return problem(`names ${logs.value.length} logs; at most ${MOST_LOGS} can be downloaded together`);
    const stop = new AbortController();
    const close = (): void => stop.abort();
    const [log] = logs.value;
    if (logs.value.length > 1 || log === undefined)
      return {
        ok: true,
        value: { fileName: nameOfMany(logs.value), data: this.#many(logs.value, wish, stop.signal), close },
      };
    const data = this.#one(log, wish, stop.signal);
    const first = await data.next();
    if (first.done && first.value !== undefined) return problem(`${log.name}: ${first.value}`);
    return { ok: true, value: { fileName: nameOfOne(log), data: again(first, data), close } };
  }

  /** Returns why there was not a single byte. */
  async *#one(
    log: SearchedLog,
    { bytes }: DownloadWish,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer, string | undefined> {
    const pieces = readLog(log, { bytes, pace: this.#pace, signal }, this.#ports);
    let isEmpty = true;
    for await (const piece of pieces) {
      isEmpty = false;
      yield piece;
    }
    const troubles = pieces.troubles();
    if (isEmpty) return troubles[0];
    if (troubles.length > 0) yield Buffer.from(troubles.map((says) => `\n-- ${says} --\n`).join(''));
    return undefined;
  }

  async *#many(
    logs: readonly SearchedLog[],
    { bytes }: DownloadWish,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    for (const log of logs) {
      if (signal.aborted) return;
      const splitter = new LineSplitter();
      const prefix = `${log.name}${log.channel === 'stderr' ? ' stderr' : ''} | `;
      const text = (lines: readonly string[]): Buffer =>
        Buffer.from(lines.map((line) => `${prefix}${line}\n`).join(''));
      const pieces = readLog(log, { bytes, pace: this.#pace, signal }, this.#ports);
      for await (const piece of pieces) yield text(splitter.push(piece));
      yield text([...splitter.rest(), ...pieces.troubles().map((says) => `-- ${says} --`)]);
    }
  }
}

async function* again(
  first: IteratorResult<Buffer, string | undefined>,
  others: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  if (first.done) return;
  yield first.value;
  yield* others;
}

function nameOfOne({ host, group, process, channel }: SearchedLog): string {
  const name = group === process ? group : `${group}_${process}`;
  return `${safe(`${host}_${name}`)}.${channel}.log`;
}

function nameOfMany(logs: readonly SearchedLog[]): string {
  const groups = [...new Set(logs.map(({ group }) => group))];
  return `${safe(groups.length === 1 ? `fleet_${groups[0]}` : 'fleet')}.log`;
}

/** Never hidden, never a path, never too long for a file system. */
function safe(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 180) || 'log'
  );
}

function problem(says: string): { ok: false; problems: [{ where: string; says: string }] } {
  return { ok: false, problems: [{ where: 'target', says }] };
}
