import type { Cancel, Clock } from '../os/clock.ts';
import type { FileStatus } from '../os/log-files.ts';
import { type Followed, Follower } from './follower.ts';
import type { Follow, FollowPart } from './log-file.ts';

/** What others do to the file is looked for this often, while somebody follows. */
const WATCH_EVERY_MS = 1_000;

/** Everybody who follows one log. */
export class Followers {
  readonly #log: Followed;
  readonly #clock: Clock;
  readonly #all = new Set<Follower>();
  #cancelWatch: Cancel | null = null;

  constructor(log: Followed, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  add(fromOffset: number, hear: (part: FollowPart) => unknown): Follow {
    const follower = new Follower(this.#log, fromOffset, hear, () => this.#remove(follower));
    this.#all.add(follower);
    follower.catchUp();
    this.#watch();
    return follower;
  }

  /** `bytes` were just appended and `file` is how the written file stands since. */
  appended(bytes: Buffer, file: FileStatus): void {
    for (const follower of this.#all) follower.wrote(bytes, file);
  }

  /** `bytes` went where they cannot be read back. */
  passed(bytes: Buffer): void {
    for (const follower of this.#all) follower.passed(bytes);
  }

  catchUp(): void {
    for (const follower of this.#all) follower.catchUp();
  }

  #remove(follower: Follower): void {
    this.#all.delete(follower);
    if (this.isEmpty) this.#cancelWatch?.();
    if (this.isEmpty) this.#cancelWatch = null;
  }

  #watch(): void {
    if (this.isEmpty) return;
    this.#cancelWatch ??= this.#clock.after(WATCH_EVERY_MS, () => {
      this.#cancelWatch = null;
      this.catchUp();
      this.#watch();
    });
  }
}
