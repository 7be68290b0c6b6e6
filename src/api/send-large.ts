import { whileAllowed } from '../accounts/recheck.ts';
import { checkWhole } from './check-answer.ts';
import type { Call } from './route.ts';
import { type LineStreamPorts, write } from './stream-lines.ts';

/** What a slow reader of a large answer costs the hub, and what is put together without giving others a turn. */
const PORTION = 128 * 1024;

/** JSON of an object of which some members are lists that are put together while they are read. */
export function* jsonObject(body: Readonly<Record<string, unknown>>): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(body)) {
    yield `${before}${JSON.stringify(name)}:`;
    if (isList(value)) yield* jsonList(value);
    else yield JSON.stringify(value);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

/** JSON of a list that is put together while it is read. */
export function* jsonList(items: Iterable<unknown>): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield before + JSON.stringify(item);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

const isList = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

/**
 * Answers with a JSON document of any size: no more than a portion of it is ever there, the next one is put together
 * when the reader has taken the last, and others get their turn in between. It is cut off when the asker may no longer
 * see the fleet, or another part of it. What fits into one portion goes out as any other answer.
 */
export async function sendLarge(
  call: Call,
  pieces: Generator<string>,
  { accounts, clock }: LineStreamPorts,
): Promise<void> {
  const { res, proof } = call;
  const portions = inPortions(checkWhole(res, pieces));
  const first = portions.next().value ?? '';
  const second = portions.next();
  res.status(200).type('json');
  if (second.done) return void res.send(first);
  const turn = (): Promise<void> => new Promise((done) => clock.after(0, () => done()));
  const cancelCheck = whileAllowed({ proof, right: 'see-fleet' }, accounts, clock, () => res.destroy());
  try {
    let isRead = (await write(res, first)) && (await write(res, second.value));
    for (const portion of portions) {
      await turn();
      isRead = await write(res, portion);
      if (!isRead) return;
    }
    if (isRead) res.end();
  } finally {
    cancelCheck();
  }
}

function* inPortions(pieces: Iterable<string>): Generator<string> {
  let waiting = '';
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < PORTION) continue;
    yield waiting;
    waiting = '';
  }
  if (waiting !== '') yield waiting;
}
