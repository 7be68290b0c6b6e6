import type { TailLine } from '../../../api/contract.ts';
import { inEnglish, type SaidValues, said } from '../../../fleet/said.ts';
import type { SentenceKey } from '../../../fleet/sentences.ts';
import type { Kept } from './log-memory.ts';
import { plainText } from './plain-line.ts';

const ESCAPE = '\u001b';
const SGR = /\u001b\[[0-9;]*m/g;
const SAME_NOTE_MS = 3_000;

/** Turns what arrives into lines to keep: numbered, matched, with the colours they begin in, no note said twice. */
export class LogIntake {
  #n = 0;
  #marks: RegExp | null = null;
  readonly #ansi = new Map<string, string>();
  readonly #notes = new Map<string, number>();
  readonly #skipped = new Map<string, { bytes: number; toldMs: number }>();

  set marks(marks: RegExp | null) {
    this.#marks = marks;
  }

  /** Another tail begins: no colour goes on into it. */
  clear(): void {
    this.#ansi.clear();
  }

  take(lines: readonly TailLine[]): Kept[] {
    return lines.flatMap((came) => {
      const line = came.kind === 'note' ? this.#worthSaying(came) : came;
      if (line === null) return [];
      return {
        n: this.#n++,
        line,
        ansi: this.#ansiOf(line),
        matches: this.matches(line),
        barMs: line.atMs,
        height: 0,
      };
    });
  }

  matches(line: TailLine): boolean {
    if (this.#marks === null || line.kind === 'note') return false;
    this.#marks.lastIndex = 0;
    return this.#marks.test(plainText(line));
  }

  /** Colours of a line go on in the next one of the same log until they are ended. */
  #ansiOf(line: TailLine): string {
    if (line.kind === 'note') return '';
    const log = `${line.source} ${line.channel}`;
    const before = this.#ansi.get(log) ?? '';
    if (!line.text.includes(ESCAPE)) return before;
    const codes = line.text.match(SGR) ?? [];
    const reset = codes.findLastIndex((code) => code === `${ESCAPE}[0m` || code === `${ESCAPE}[m`);
    const after = reset < 0 ? [before, ...codes].join('') : codes.slice(reset + 1).join('');
    this.#ansi.set(log, after.slice(-256));
    return before;
  }

  #worthSaying(note: Note): Note | null {
    if (note.said?.key === 'tail.skipped') return this.#summed(note);
    return this.#isKnown(note) ? null : note;
  }

  /** All logs of a host go away and come back together: that is said once. */
  #isKnown(note: Note): boolean {
    const key = note.said?.key;
    if (key !== 'tail.away' && key !== 'tail.back' && key !== 'tail.backAt') return false;
    const name = `${hostOf(note.source)} ${key.replace('backAt', 'back')}`;
    const knownMs = this.#notes.get(name);
    this.#notes.set(name, note.atMs);
    return knownMs !== undefined && note.atMs - knownMs < SAME_NOTE_MS;
  }

  /** A log that is always too fast says so once in a while, with the sum. */
  #summed(note: Note): Note | null {
    const bytes = Number(note.said?.values.bytes ?? 0);
    const known = this.#skipped.get(note.source) ?? { bytes: 0, toldMs: Number.NEGATIVE_INFINITY };
    known.bytes += bytes;
    this.#skipped.set(note.source, known);
    if (note.atMs - known.toldMs < SAME_NOTE_MS) return null;
    const sum = known.bytes;
    known.bytes = 0;
    known.toldMs = note.atMs;
    return ownNote(note.source, 'tail.skipped', { bytes: sum }, note.atMs);
  }
}

export function hostOf(source: string): string {
  return source.slice(0, Math.max(0, source.indexOf('/'))) || source;
}

type Note = Extract<TailLine, { kind: 'note' }>;

/** A note of this page itself, standing among the lines. */
export function ownNote(source: string, key: SentenceKey, values: SaidValues, atMs: number): Note {
  const told = said(key, values);
  return { kind: 'note', source, channel: 'stdout', says: inEnglish(told), said: told, atMs };
}
