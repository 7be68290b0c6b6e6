import type { Clock } from '../clock.ts';
import type { ActionMarks, Mark } from '../store/action-marks.ts';
import { isLock } from '../store/database.ts';

interface Waiting {
  readonly mark: Mark;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** So many calls are sent in one go after a commit: more would hold up the hub. */
const AT_ONCE = 500;
/** A copy that another program makes of the database ends. */
const LOCKED_FOR_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/**
 * Writes down that calls are about to be sent, many in one commit: a commit that survives a power cut takes
 * milliseconds, and the hub does nothing else meanwhile. Between two it rests twice as long as the last one took.
 */
export class Journal {
  readonly #marks: Pick<ActionMarks, 'put'>;
  readonly #clock: Clock;
  readonly #bug: (error: unknown) => void;
  #waiting: Waiting[] = [];
  #isDue = false;
  #restUntilMs = 0;
  #lockedSinceMs: number | null = null;

  constructor(marks: Pick<ActionMarks, 'put'>, clock: Clock, bug: (error: unknown) => void) {
    this.#marks = marks;
    this.#clock = clock;
    this.#bug = bug;
  }

  /** Resolves when the mark is on disk; rejects when it cannot be written. */
  write(mark: Mark): Promise<void> {
    return new Promise((done, fail) => {
      this.#waiting.push({ mark, done, fail });
      this.#commitSoon();
    });
  }

  #commitSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const restMs = this.#restUntilMs - this.#clock.uptimeMs();
    if (restMs > 0) this.#clock.after(restMs, () => this.#commit());
    else queueMicrotask(() => this.#commit());
  }

  #commit(): void {
    const waiting = this.#waiting.slice(0, AT_ONCE);
    const beganMs = this.#clock.uptimeMs();
    this.#waiting = this.#waiting.slice(AT_ONCE);
    this.#isDue = false;
    try {
      this.#marks.put(
        waiting.map(({ mark }) => mark),
        this.#clock.wallMs(),
      );
      this.#lockedSinceMs = null;
      for (const { done } of waiting) done();
    } catch (error) {
      if (isLock(error) && this.#waitsForLock(waiting, beganMs)) return;
      this.#lockedSinceMs = null;
      this.#bug(error);
      for (const { fail } of waiting) fail(error);
    }
    const endedMs = this.#clock.uptimeMs();
    this.#restUntilMs = endedMs + 2 * (endedMs - beganMs);
    if (this.#waiting.length > 0) this.#commitSoon();
  }

  /** Puts them back for another try, unless the database was locked for too long. */
  #waitsForLock(waiting: readonly Waiting[], nowMs: number): boolean {
    this.#lockedSinceMs ??= nowMs;
    if (nowMs - this.#lockedSinceMs >= LOCKED_FOR_MS) return false;
    this.#waiting = [...waiting, ...this.#waiting];
    this.#isDue = true;
    this.#clock.after(LOOK_AGAIN_MS, () => this.#commit());
    return true;
  }
}
