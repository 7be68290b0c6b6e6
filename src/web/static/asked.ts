import { Answers, type Get, keyOfRead, type Loaded, type Read, WAITING } from '../view/loaded.ts';
import { call } from './api.ts';

/** As old as an answer may be before it is asked for anew while a page shows it. */
const FRESH_MS = 15_000;

const answers = new Answers();
const askedAtMs = new Map<string, number>();
let onAnswer: () => void = () => {};

export function whenAnswerComes(listener: () => void): void {
  onAnswer = listener;
}

/** What the API said of it last; asks when that was never or long ago, and draws the page again with the answer. */
export const get: Get = (read) => {
  const atMs = askedAtMs.get(keyOfRead(read));
  if (atMs === undefined || (performance.now() - atMs > (read.freshMs ?? FRESH_MS) && !document.hidden))
    void ask(read);
  return answers.get(read) ?? WAITING;
};

async function ask<T>(read: Read<T>): Promise<void> {
  askedAtMs.set(keyOfRead(read), performance.now());
  const answer = await call<T>(read.body === undefined ? 'GET' : 'POST', read.path, read.body);
  const known = answers.get(read);
  const loaded: Loaded<T> = answer.ok
    ? { kind: 'here', value: answer.value }
    : { kind: 'problem', problem: answer.problem };
  // What is shown stays while the hub is away: the line above says so.
  if (known?.kind === 'here' && !answer.ok && answer.problem.status === 0) return;
  answers.put(read, loaded);
  onAnswer();
}

/** It was told without being asked for. */
export function told<T>(read: Read<T>, value: T): void {
  askedAtMs.set(keyOfRead(read), performance.now());
  answers.put(read, { kind: 'here', value });
  onAnswer();
}

/** Something was changed: what begins so is asked for anew, and shown as it was until then. */
export function stale(...beginnings: readonly string[]): void {
  for (const key of [...askedAtMs.keys()])
    if (beginnings.some((beginning) => key.startsWith(beginning))) askedAtMs.delete(key);
  onAnswer();
}
