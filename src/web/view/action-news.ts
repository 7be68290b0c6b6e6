import type { Action, ActionTarget } from '../../fleet/action.ts';
import type { ActionNews } from '../../live/contract.ts';

/** Puts together what the hub tells of large actions. */
export class ActionsHeard {
  readonly #heard = new Map<string, ActionTarget[]>();

  /** The action as it is now; null while more of this news follows, or where what came before was missed. */
  take({ anew, changed, more, ...head }: ActionNews): Action | null {
    const targets = anew === true ? [] : this.#heard.get(head.id);
    if (targets === undefined) return null;
    for (const [place, target] of changed) targets[place] = target;
    this.#heard.set(head.id, targets);
    if (more === true) return null;
    if (head.finishedAtMs !== null) this.#heard.delete(head.id);
    return { ...head, targets: [...targets] };
  }
}
