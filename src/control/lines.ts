import type { Target } from '../fleet/action.ts';
import { keyOf } from './job.ts';

/** A place in line, until `leave()`. */
export interface Place {
  /** Who is waited for: `null` when it is one's turn. */
  ahead(): string | null;
  /** Resolves when it is one's turn. */
  readonly turn: Promise<void>;
  leave(): void;
}

interface Entry {
  readonly owner: string;
  readonly left: Promise<void>;
  isLeft: boolean;
}

/**
 * What happens to one process happens in the order it was asked for: the later action waits for the earlier one.
 * A verb over a whole supervisor waits for everything before it on its host, and all later ones wait for it.
 */
export class Lines {
  readonly #last = new Map<string, Entry>();
  readonly #ofHost = new Map<string, Set<Entry>>();
  readonly #whole = new Map<string, Entry>();

  enter(target: Target, owner: string): Place {
    const { hostId } = target;
    const key = target.group === '' ? null : keyOf(target);
    const here = this.#ofHost.get(hostId) ?? new Set();
    const before = key === null ? [...here] : this.#before(hostId, key);
    let leaveNow = (): void => {};
    const left = new Promise<void>((resolve) => {
      leaveNow = resolve;
    });
    const entry: Entry = { owner, left, isLeft: false };
    this.#ofHost.set(hostId, here.add(entry));
    if (key === null) this.#whole.set(hostId, entry);
    else this.#last.set(key, entry);
    const turn =
      before.length === 0 ? Promise.resolve() : Promise.all(before.map((other) => other.left)).then(() => {});
    const leave = (): void => {
      entry.isLeft = true;
      here.delete(entry);
      if (here.size === 0) this.#ofHost.delete(hostId);
      if (key === null && this.#whole.get(hostId) === entry) this.#whole.delete(hostId);
      if (key !== null && this.#last.get(key) === entry) this.#last.delete(key);
      leaveNow();
    };
    return {
      ahead: () => before.find((other) => !other.isLeft)?.owner ?? null,
      turn,
      // One that gives up still stands for those before it: whoever comes later must wait for them too.
      leave: () => void (before.every((other) => other.isLeft) ? leave() : turn.then(leave)),
    };
  }

  /** Whether an action is on its way on a process, or on its whole host. */
  isBusy(processKey: string): boolean {
    return this.#last.has(processKey) || this.#whole.has(processKey.slice(0, processKey.indexOf('/')));
  }

  #before(hostId: string, key: string): Entry[] {
    const last = this.#last.get(key);
    const whole = this.#whole.get(hostId);
    return [last, whole].filter((entry) => entry !== undefined);
  }
}
