import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const TESTS = join(import.meta.dirname, '..');

interface AbuseCase {
  readonly n: number;
  readonly abuse: string;
  readonly control: string;
}
const CASES: readonly AbuseCase[] = JSON.parse(readFileSync(join(TESTS, 'abuse.json'), 'utf8'));

/** Titles that begin or hold `abuse 4`, by number. */
function claims(): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const file of readdirSync(TESTS, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.test.ts') || file === 'unit/abuse.test.ts') continue;
    const text = readFileSync(join(TESTS, file), 'utf8');
    for (const [quoted] of text.matchAll(
      /(?<=(?:test|it|describe)(?:\.\w+)?\(\s*|\]\)\(\s*)(?:'[^'\n]*'|`[^`\n]*`)/g,
    ))
      for (const [, n] of quoted.matchAll(/\babuse (\d+)\b/g))
        found.set(Number(n), [...(found.get(Number(n)) ?? []), `${file}: ${quoted}`]);
  }
  return found;
}

test('every abuse case has a control and a test that claims it', () => {
  expect(CASES.map(({ n }) => n)).toEqual([
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    ...Array.from({ length: 13 }, (_, at) => at + 12),
  ]);
  const claimed = claims();
  expect(CASES.filter(({ n, control }) => control === '' || !claimed.has(n)).map(({ n }) => n)).toEqual([]);
  process.stdout.write(
    `abuse cases: ${CASES.map(({ n }) => `${n} (${claimed.get(n)?.length} tests)`).join(', ')}\n`,
  );
});
