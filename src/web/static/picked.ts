import type { Picked } from '../view/row-view.ts';

/** What is ticked, and which row is the current one. */
class Picks implements Picked {
  ticked = new Set<string>();
  current: string | null = null;
  /** The last row ticked by hand: where a range begins. */
  anchor: string | null = null;

  toggle(keys: readonly string[]): void {
    const all = keys.every((key) => this.ticked.has(key));
    for (const key of keys) {
      if (all) this.ticked.delete(key);
      else this.ticked.add(key);
    }
  }

  clear(): void {
    this.ticked.clear();
    this.anchor = null;
  }
}

export const picks = new Picks();
