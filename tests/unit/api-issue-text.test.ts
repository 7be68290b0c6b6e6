import { expect, test } from 'vitest';
import { z } from 'zod';
import { ApiProblem } from '../../src/api/problems.ts';
import { read } from '../../src/api/read.ts';

const schema = z.strictObject({
  name: z.string().min(1),
  uses: z.int().min(1).max(10).optional(),
  how: z.enum(['one', 'two']).optional(),
  tags: z.array(z.string()).max(2).optional(),
  ttl: z.int().max(7, 'at most seven days').optional(),
});

function said(value: unknown): string[] {
  try {
    read(schema, value);
    return [];
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return (error.problems ?? []).map(({ where, says }) => `${where}: ${says}`);
  }
}

test.each([
  [{ name: 'x', uses: 3 }, []],
  [{ name: '' }, ['name: is empty']],
  [{}, ['name: is missing']],
  [{ name: 7 }, ['name: must be a string']],
  [{ name: 'x', uses: 0 }, ['uses: must be at least 1']],
  [{ name: 'x', uses: 11 }, ['uses: must be at most 10']],
  [{ name: 'x', uses: 'many' }, ['uses: must be a number']],
  [{ name: 'x', how: 'three' }, ['how: must be one of one, two']],
  [{ name: 'x', tags: ['a', 'b', 'c'] }, ['tags: must have at most 2 entries']],
  [{ name: 'x', ttl: 8 }, ['ttl: at most seven days']],
  [{ name: 'x', nam: 1 }, ['body: is not known here: nam']],
])('what %j lacks is said in words of a person', (value, says) => {
  expect(said(value)).toEqual(says);
});
