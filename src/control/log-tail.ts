import type { Channel } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import type { LinkTail, LinkTailPart } from '../links/host-link.ts';
import { LineSplitter } from './line-splitter.ts';

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
  /** How far back it was asked to begin: then the first line may be half a line, and is left out. */
  readonly lastBytes: number;
}

const LINES_AT_ONCE = 500;

const NOTES: Readonly<Record<'truncated' | 'replaced' | 'away' | 'back', string>> = {
  truncated: 'the log was cleared',
  replaced: 'the log was rotated',
  away: 'the host is away; the tail goes on when it is back',
  back: 'the host is back',
};

/** The lines of one log, in portions; asking for the next portion is what lets more be sent. */
export async function* tailLines(
  { name, channel, tail, lastBytes }: TailSource,
  clock: Clock,
): AsyncGenerator<TailedLine[]> {
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
  let first = true;
  try {
    for await (const part of tail) {
      const data = part.kind === 'bytes' && first ? fromLineStart(part.data, lastBytes) : null;
      first = false;
      const lines =
        part.kind === 'bytes'
          ? splitter.push(data ?? part.data).map(line)
          : [...splitter.rest().map(line), ...notesOf(part).map(note)];
      for (let from = 0; from < lines.length; from += LINES_AT_ONCE)
        yield lines.slice(from, from + LINES_AT_ONCE);
    }
    const rest = splitter.rest().map(line);
    if (rest.length > 0) yield rest;
  } finally {
    tail.close();
  }
}

function fromLineStart(data: Buffer, lastBytes: number): Buffer {
  if (lastBytes === 0 || data.length < lastBytes) return data;
  const newline = data.indexOf(10);
  return newline < 0 || newline === data.length - 1 ? data : data.subarray(newline + 1);
}

function notesOf(part: Exclude<LinkTailPart, { kind: 'bytes' }>): string[] {
  if (part.kind === 'skipped')
    return [`${part.bytes} bytes were written faster than they could be shown, and are left out`];
  if (part.kind === 'end') return part.says === '' ? [] : [part.says];
  return [NOTES[part.kind]];
}
