import type { MainLog } from '../logs/main-log.ts';
import type { Clock } from '../os/clock.ts';
import type { Os } from '../os/os.ts';

/** Long enough for a process that ends with its parent, and for one look at the process table after many ends. */
const LOOK_AFTER_MS = 200;

/** Names what children leave behind: it lives on after them, and may hold their port or their files. */
export class StrayReport {
  readonly #os: Os;
  readonly #clock: Clock;
  readonly #log: MainLog;
  readonly #ended = new Map<number, string>();

  constructor(os: Os, clock: Clock, log: MainLog) {
    this.#os = os;
    this.#clock = clock;
    this.#log = log;
  }

  /** A child has ended; its pid was its process group. */
  ended(name: string, group: number): void {
    if (!this.#os.hasMembers(group)) return;
    if (this.#ended.size === 0) this.#clock.after(LOOK_AFTER_MS, () => this.tell());
    this.#ended.set(group, name);
  }

  /** Looks now, for those that ended since the last look. */
  tell(): void {
    if (this.#ended.size === 0) return;
    const members = this.#os.membersOf(new Set(this.#ended.keys()));
    for (const [group, name] of this.#ended) {
      const left = members.filter((member) => member.group === group);
      const names = left.map((stray) => `${stray.name} (pid ${stray.pid})`).join(', ');
      if (left.length > 0) this.#log.warn(`stray: ${name} ended and left behind ${names}`);
    }
    this.#ended.clear();
  }
}
