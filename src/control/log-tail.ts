import type { Channel } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import type { LinkTail, LinkTailPart } from '../links/host-link.ts';
import { bytesText } from './bytes-text.ts';
import type { LineFilter } from './line-filter.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Pace } from './pace.ts';

/** A line, or a sentence of ours standing among the lines. */
export type TailedLine =
  | {
      readonly kind: 'line';
      readonly source: string;
      readonly channel: Channel;
      readonly text: string;
      readonly atMs: number;
    }
  | {
      readonly kind: 'note';
      readonly source: string;
      readonly channel: Channel;
      readonly says: string;
      readonly atMs: number;
    };

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
  readonly farewell?: () => string | null;
  /** Told when the host itself ended the tail. */
  readonly ended?: () => void;
}

const LINES_AT_ONCE = 500;
const BYTES_AT_ONCE = 64 * 1024;
/** What a line costs beside its bytes. */
const LINE_COST_BYTES = 128;

const NOTES: Readonly<Record<'truncated' | 'replaced' | 'away' | 'back', string>> = {
  truncated: 'the log was cleared',
  replaced: 'the log was rotated',
  away: 'the host is away; the tail goes on when it is back',
  back: 'the host is back',
};

/** The lines of one log, in portions; asking for the next portion is what lets more be sent. */
export async function* tailLines(source: TailSource, clock: Clock): AsyncGenerator<TailedLine[]> {
  const { name, channel, tail, lastBytes, filter, pace } = source;
  const splitter = new LineSplitter();
  const line = (text: string): TailedLine => ({
    kind: 'line',
    source: name,
    channel,
    text,
    atMs: clock.wallMs(),
  });
  const note = (says: string): TailedLine => ({
    kind: 'note',
    source: name,
    channel,
    says,
    atMs: clock.wallMs(),
  });
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
      yield* portionsOf([...wanted(splitter.rest()).map(line), ...notesOf(part).map(note)]);
    }
    const says = last === 'end' ? null : (source.farewell?.() ?? null);
    yield* portionsOf([...wanted(splitter.rest()).map(line), ...(says === null ? [] : [note(says)])]);
  } finally {
    tail.close();
  }
}

/** No portion is empty, nor larger than what one long line and a little more make. */
function* portionsOf(lines: readonly TailedLine[]): Generator<TailedLine[]> {
  let portion: TailedLine[] = [];
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

function notesOf(part: Exclude<LinkTailPart, { kind: 'bytes' }>): string[] {
  if (part.kind === 'skipped')
    return [`${bytesText(part.bytes)} were written faster than they could be shown, and are left out`];
  if (part.kind === 'end') return part.says === '' ? [] : [part.says];
  if ('mayLack' in part && part.mayLack)
    return [`${NOTES[part.kind]} or cleared; what was written just before may be missing here`];
  return [NOTES[part.kind]];
}
