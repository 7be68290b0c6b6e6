import type { Action, ActionTarget } from '../fleet/action.ts';
import type { ActionNews } from './contract.ts';

/** An action with more targets is told by what changed. */
const TOLD_WHOLE = 200;
const AT_ONCE = 500;

export const isLarge = ({ targets }: Action): boolean => targets.length > TOLD_WHOLE;

/** What one browser has been told of the targets of large actions that are under way. */
export class ActionsTold {
  readonly #told = new Map<string, readonly ActionTarget[]>();

  /** What it does not know of an action yet, as messages, each put together when it is asked for. */
  *news({ targets, ...head }: Action): Generator<ActionNews> {
    const before = this.#told.get(head.id) ?? [];
    if (head.finishedAtMs === null) this.#told.set(head.id, targets);
    else this.#told.delete(head.id);
    // With other rights other targets are seen, in other places.
    const isAnew = before.length !== targets.length;
    let begins = isAnew ? ({ anew: true } as const) : {};
    let changed: [place: number, target: ActionTarget][] = [];
    for (const [place, target] of targets.entries()) {
      if (!isAnew && before[place] === target) continue;
      if (changed.length === AT_ONCE) {
        yield { ...head, ...begins, changed, more: true };
        [begins, changed] = [{}, []];
      }
      changed.push([place, target]);
    }
    yield { ...head, ...begins, changed };
  }

  clear(): void {
    this.#told.clear();
  }
}
