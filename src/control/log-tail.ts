import type { Channel } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import type { TailLine } from '../fleet/log-line.ts';
import { inEnglish, type Said, said } from '../fleet/said.ts';
import type { LinkTail, LinkTailPart } from '../links/host-link.ts';
import type { LineFilter } from './line-filter.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Pace } from './pace.ts';

export interface TailSource {
  /** `host/group:process` */
  readonly name: string;
  readonly channel: Channel;
  readonly tail: LinkTail;
  /** How far back it was asked to begin; where it then begins in the middle, half a line is left out. */
  readonly lastBytes: number;
  /** Null: every line. Notes come always. */
  readonly filter?: LineFilter | null;
  readonly pace?: Pace;
  /** Asked when the tail ends without a word of its own; null: nothing to say. */
  readonly farewell?: () => Said | null;
  /** Told when the host itself ended the tail. */
  readonly ended?: () => void;
}

const LINES_AT_ONCE = 500;
const BYTES_AT_ONCE = 64 * 1024;
/** What a line costs beside its bytes. */
const LINE_COST_BYTES = 128;

/** A sentence of the hub among the lines of a log. */
export function noteOf(
  { source, channel, atMs }: Pick<TailLine, 'source' | 'channel' | 'atMs'>,
  told: Said | string,
): TailLine {
  const place = { kind: 'note', source, channel, atMs } as const;
  return typeof told === 'string'
    ? { ...place, says: told }
    : { ...place, says: inEnglish(told), said: told };
}

/** The lines of one log, in portions; asking for the next portion is what lets more be sent. */
export async function* tailLines(source: TailSource, clock: Clock): AsyncGenerator<TailLine[]> {
  const { name, channel, tail, lastBytes, filter, pace } = source;
  const splitter = new LineSplitter();
  const line = (text: string): TailLine => ({
    kind: 'line',
    source: name,
    channel,
    text,
    atMs: clock.wallMs(),
  });
  const note = (told: Said | string): TailLine =>
    noteOf({ source: name, channel, atMs: clock.wallMs() }, told);
  const absence = new Absence(clock);
  const wanted = (texts: string[]): string[] => (filter ? texts.filter(filter) : texts);
  let first = true;
  let last: LinkTailPart['kind'] | null = null;
  try {
    for await (const part of tail) {
      const data = part.kind === 'bytes' && first ? fromLineStart(part, lastBytes) : null;
      first = false;
      last = part.kind;
      if (part.kind === 'bytes') {
        const texts = splitter.push(data ?? part.data);
        yield* portionsOf(wanted(texts).map(line));
        await pace?.take(part.data.length + texts.length * LINE_COST_BYTES);
        continue;
      }
      if (part.kind === 'end') source.ended?.();
      yield* portionsOf([...wanted(splitter.rest()).map(line), ...notesOf(part, absence).map(note)]);
    }
    const told = last === 'end' ? null : (source.farewell?.() ?? null);
    yield* portionsOf([...wanted(splitter.rest()).map(line), ...(told === null ? [] : [note(told)])]);
  } finally {
    tail.close();
  }
}

/** No portion is empty, nor larger than what one long line and a little more make. */
function* portionsOf(lines: readonly TailLine[]): Generator<TailLine[]> {
  let portion: TailLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    portion.push(line);
    bytes += line.kind === 'line' ? line.text.length : 0;
    if (portion.length < LINES_AT_ONCE && bytes < BYTES_AT_ONCE) continue;
    yield portion;
    portion = [];
    bytes = 0;
  }
  if (portion.length > 0) yield portion;
}

function fromLineStart(
  { data, endOffset }: Extract<LinkTailPart, { kind: 'bytes' }>,
  lastBytes: number,
): Buffer {
  const isWhole = endOffset === undefined ? data.length < lastBytes : endOffset === data.length;
  if (lastBytes === 0 || isWhole) return data;
  const newline = data.indexOf(10);
  return newline < 0 || newline === data.length - 1 ? data : data.subarray(newline + 1);
}

/** How long a host was away from a tail. */
class Absence {
  readonly #clock: Clock;
  #sinceMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.uptimeMs();
  }

  begins(): void {
    this.#sinceMs = this.#clock.uptimeMs();
  }

  ms(): number {
    return Math.round(this.#clock.uptimeMs() - this.#sinceMs);
  }
}

function notesOf(part: Exclude<LinkTailPart, { kind: 'bytes' }>, absence: Absence): (Said | string)[] {
  switch (part.kind) {
    case 'skipped':
      return [said('tail.skipped', { bytes: part.bytes })];
    case 'end':
      return part.says === '' ? [] : [part.says];
    case 'away':
      absence.begins();
      return [said('tail.away')];
    case 'back': {
      const awayMs = absence.ms();
      return [
        part.offset === undefined
          ? said('tail.back', { awayMs })
          : said('tail.backAt', { awayMs, offset: part.offset }),
      ];
    }
    case 'truncated':
      return [said(part.mayLack ? 'tail.clearedLacks' : 'tail.cleared')];
    case 'replaced':
      return [said(part.mayLack ? 'tail.rotatedLacks' : 'tail.rotated')];
    default:
      return part satisfies never;
  }
}
