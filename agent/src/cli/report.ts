import { StringDecoder } from 'node:string_decoder';
import type { Io } from './io.ts';
import { neutralised, StreamNeutraliser } from './terminal-text.ts';

/** How a command shows what it found. `data` is the same in JSON. */
export interface Report {
  /** One line of text, or one result in JSON. */
  line(text: string, data: unknown): void;
  /** Text people need and programs do not: help, headings. */
  note(text: string): void;
  /** A piece of a log as it comes. */
  bytes(source: string, bytes: Uint8Array): void;
  /** Whether a person reads this on a terminal, where lines may be drawn over. */
  readonly redrawable: boolean;
  /** The end of one command line. */
  finish(verb: string, exitStatus: number): void;
}

/**
 * Plain text. On a terminal control characters in it are neutralised unless `raw`; a pipe or file gets the
 * bytes as they are, as from supervisorctl.
 */
export function textReport(io: Io, options: { readonly raw: boolean }): Report {
  const guard = io.outIsTerminal && !options.raw;
  const streams = new Map<string, StreamNeutraliser>();
  const streamOf = (source: string): StreamNeutraliser => {
    const known = streams.get(source) ?? new StreamNeutraliser();
    streams.set(source, known);
    return known;
  };
  const print = (text: string): void => io.out(`${guard ? neutralised(text) : text}\n`);
  return {
    line: print,
    note: print,
    bytes: (source, bytes) => io.out(guard ? streamOf(source).push(bytes) : bytes),
    redrawable: io.outIsTerminal,
    finish: () => {
      for (const stream of streams.values()) io.out(stream.end());
      streams.clear();
    },
  };
}

/**
 * One JSON document per command: `{"verb", "exitStatus", "results": [...]}`. Followed logs are lines of
 * `{"source", "text"}` before it. JSON escapes control characters by itself.
 */
export function jsonReport(io: Io): Report {
  const results: unknown[] = [];
  const decoders = new Map<string, StringDecoder>();
  return {
    line: (_text, data) => void results.push(data),
    note: () => {},
    bytes: (source, bytes) => {
      const decoder = decoders.get(source) ?? new StringDecoder('utf8');
      decoders.set(source, decoder);
      io.out(`${JSON.stringify({ source, text: decoder.write(Buffer.from(bytes)) })}\n`);
    },
    redrawable: false,
    finish: (verb, exitStatus) => io.out(`${JSON.stringify({ verb, exitStatus, results })}\n`),
  };
}
