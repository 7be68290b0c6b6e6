import type { Clock } from '../clock.ts';
import type { ActionMarks, Mark } from '../store/action-marks.ts';

interface Waiting {
  readonly mark: Mark;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Writes down that calls are about to be sent, many in one commit: a commit that survives a power cut takes
 * milliseconds, and the hub does nothing else meanwhile. Between two it rests twice as long as the last one took.
 */
export class Journal {
  readonly #marks: ActionMarks;
  readonly #clock: Clock;
  readonly #bug: (error: unknown) => void;
  #waiting: Waiting[] = [];
  #isDue = false;
  #restUntilMs = 0;

  constructor(marks: ActionMarks, clock: Clock, bug: (error: unknown) => void) {
    this.#marks = marks;
    this.#clock = clock;
    this.#bug = bug;
  }

  /** Resolves when the mark is on disk; rejects when it cannot be written. */
  write(mark: Mark): Promise<void> {
    return new Promise((done, fail) => {
      this.#waiting.push({ mark, done, fail });
      if (this.#isDue) return;
      this.#isDue = true;
      const restMs = this.#restUntilMs - this.#clock.uptimeMs();
      if (restMs > 0) this.#clock.after(restMs, () => this.#commit());
      else queueMicrotask(() => this.#commit());
    });
  }

  #commit(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#isDue = false;
    const beganMs = this.#clock.uptimeMs();
    try {
      this.#marks.put(
        waiting.map(({ mark }) => mark),
        this.#clock.wallMs(),
      );
      for (const { done } of waiting) done();
    } catch (error) {
      this.#bug(error);
      for (const { fail } of waiting) fail(error);
    }
    const endedMs = this.#clock.uptimeMs();
    this.#restUntilMs = endedMs + 2 * (endedMs - beganMs);
  }
}
