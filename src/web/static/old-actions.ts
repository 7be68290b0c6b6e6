import type { Action } from '../../api/contract.ts';
import { call } from './api.ts';

const known = new Map<string, Action | null>();
let onAnswer: () => void = () => {};

export function whenActionComes(listener: () => void): void {
  onAnswer = listener;
}

/** An action older than the live ones: asked for once, null until it came. */
export function knownAction(id: string): Action | null {
  if (id === '' || known.has(id)) return known.get(id) ?? null;
  known.set(id, null);
  void call<Action>('GET', `/actions/${encodeURIComponent(id)}`).then((answer) => {
    if (!answer.ok) return;
    known.set(id, answer.value);
    onAnswer();
  });
  return null;
}
