import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimedBy, idOf } from '../support/rows.ts';

const TESTS = join(import.meta.dirname, '..');
interface Rows {
  readonly count: number;
  readonly excused: Readonly<Record<string, string>>;
}
const ALL: Readonly<Record<string, Rows>> = JSON.parse(
  readFileSync(join(TESTS, 'contract/rows.json'), 'utf8'),
);

/** Every quoted text of the tests; titles are among them, also those that are made in tables. */
function quotedTexts(): string[] {
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap(
      (file) => readFileSync(join(TESTS, file), 'utf8').match(/'(?:[^'\\\n]|\\.)*'|`[^`]*`|"[^"\n]*"/g) ?? [],
    );
}

test('a range of rows is every row in it', () => {
  expect(claimedBy("'EVT-010 to EVT-012 EVT-016 the life of a process'")).toEqual([
    'EVT-010',
    'EVT-011',
    'EVT-012',
    'EVT-012',
    'EVT-016',
  ]);
});

test('every row of the contract and of the faults of agent, link and hub is claimed by a test or excused with a reason', () => {
  const claimed = new Set(quotedTexts().flatMap(claimedBy));
  const report = Object.entries(ALL).map(([kind, { count, excused }]) => {
    const ids = Array.from({ length: count }, (_, n) => idOf(kind, n + 1));
    const open = ids.filter((id) => !claimed.has(id) && excused[id] === undefined);
    const tested = ids.filter((id) => claimed.has(id)).length;
    return { kind, tested, of: count, excused: Object.keys(excused).length, open };
  });
  process.stdout.write(
    `${report.map(({ kind, tested, of, excused }) => `${kind} ${tested}/${of} (${excused} excused)`).join(', ')}\n`,
  );
  expect(report.flatMap(({ open }) => open)).toEqual([]);
});
