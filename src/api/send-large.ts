import { whileAllowed } from '../accounts/recheck.ts';
import type { Clock } from '../clock.ts';
import { checkWhole } from './check-answer.ts';
import type { Call } from './route.ts';
import { type LineStreamPorts, write } from './stream-lines.ts';

/** What a slow reader of a large answer costs the hub, and what is put together without giving others a turn. */
const PORTION = 128 * 1024;

/** JSON of an object of which some members are lists that are put together while they are read. */
export function* jsonObject(body: Readonly<Record<string, unknown>>): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    if (isList(value)) yield* jsonList(value);
    else yield JSON.stringify(value);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

/** JSON of a list that is put together while it is read. */
export function* jsonList(items: Iterable<unknown>): Generator<string> {
  yield* jsonListOf(items, (item) => [JSON.stringify(item)]);
}

/** The same of items that are put together piece by piece themselves. */
export function* jsonListOf<T>(
  items: Iterable<T>,
  piecesOf: (item: T) => Iterable<string>,
): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield before;
    yield* piecesOf(item);
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
  pieces: Iterable<string>,
  { accounts, clock }: LineStreamPorts,
): Promise<void> {
  const { res, proof } = call;
  const portions = inPortions(checkWhole(res, pieces));
  const first = portions.next().value ?? '';
  const second = portions.next();
  res.type('json');
  if (second.done) return void res.send(first);
  const cancelCheck = whileAllowed({ proof, right: 'see-fleet' }, accounts, clock, () => res.destroy());
  try {
    if (
      (await write(res, first)) &&
      (await write(res, second.value)) &&
      (await writeAll(res, portions, clock)) !== null
    )
      res.end();
  } finally {
    cancelCheck();
  }
}

/** Writes portion by portion, giving others a turn before each. Returns how many there were; null: the reader is gone. */
export async function writeAll(
  res: Call['res'],
  portions: Iterable<string>,
  clock: Clock,
): Promise<number | null> {
  let written = 0;
  for (const portion of portions) {
    if (written++ > 0) await new Promise<void>((done) => void clock.after(0, done));
    if (!(await write(res, portion))) return null;
  }
  return written;
}

export function* inPortions(pieces: Iterable<string>): Generator<string, undefined> {
  let waiting = '';
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < PORTION) continue;
    yield waiting;
    waiting = '';
  }
  if (waiting !== '') yield waiting;
}
