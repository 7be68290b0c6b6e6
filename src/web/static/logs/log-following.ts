import type { TailLine } from '../../../api/contract.ts';
import { say } from '../page-root.ts';
import { store } from '../store.ts';
import { ownNote } from './log-intake.ts';
import { rejoined } from './log-rejoin.ts';
import { openTail, type Tail, type TailWish } from './log-tail.ts';

/** A tail that was opened again has told its past by then. */
const PAST_MS = 1_500;

export interface FollowingHooks {
  /** A tail begins: what comes at once was there before. */
  began(): void;
  opened(): void;
  lines(lines: readonly TailLine[]): void;
  /** `problem`: why it cannot be opened at all, else empty. */
  stopped(says: string, problem: string): void;
  /** The hub ended it: what it shows may be asked for anew. */
  ended(says: string): void;
  /** All that is known of the tail so far. */
  known(): readonly TailLine[];
}

/** Follows what it was last asked to. After the line to the hub was lost, what is new joins what is known. */
export class Following {
  readonly #hooks: FollowingHooks;
  #tail: Tail | null = null;
  #cameMs = 0;
  /** After the line was lost: lines of the new tail, until its past is told. */
  #past: { lines: TailLine[]; awaySinceMs: number } | null = null;
  #rejoins = 0;

  constructor(hooks: FollowingHooks) {
    this.#hooks = hooks;
  }

  close(): void {
    this.#tail?.close();
    window.clearTimeout(this.#rejoins);
    this.#past = null;
  }

  open(wish: TailWish): void {
    this.close();
    this.#hooks.began();
    this.#tail = openTail(wish, {
      opened: () => this.#hooks.opened(),
      away: () => this.#hooks.stopped(say('log.away'), ''),
      again: () => this.#again(),
      lines: (lines) => this.#came(lines),
      refused: ({ says = '', where }) =>
        this.#hooks.stopped(
          say('log.notOpen'),
          where === 'regex' ? say('log.refusedExpression', { says }) : says,
        ),
      ended: (says) => this.#hooks.ended(says),
    });
  }

  #came(lines: readonly TailLine[]): void {
    this.#cameMs = store.nowMs;
    if (this.#past !== null) this.#past.lines.push(...lines);
    else this.#hooks.lines(lines);
  }

  #again(): void {
    this.#past = { lines: [], awaySinceMs: this.#past?.awaySinceMs ?? this.#cameMs };
    this.#hooks.began();
    window.clearTimeout(this.#rejoins);
    this.#rejoins = window.setTimeout(() => this.#rejoin(), PAST_MS);
  }

  #rejoin(): void {
    const past = this.#past;
    if (past === null) return;
    this.#past = null;
    const known = this.#hooks.known();
    const { lines, isWhole } = rejoined(known, past.lines);
    if (known.length > 0) {
      const awayMs = Math.max(0, store.nowMs - past.awaySinceMs);
      const key = isWhole ? 'page.back' : 'page.backLacks';
      this.#hooks.lines([ownNote('', key, { awayMs }, store.nowMs)]);
    }
    this.#hooks.lines(lines);
  }
}
