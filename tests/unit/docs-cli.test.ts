import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT_STATUSES } from '../../src/cli/exit-status.ts';
import { FLEET_VERBS } from '../../src/cli/verbs.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8');

test('docs/cli.md lists every verb with what it does, and none that is not there', () => {
  const rows = FLEET_VERBS.map(
    ({ name, words, summary }) => `| \`${`${name} ${words}`.trim().replaceAll('|', '\\|')}\` | ${summary} |`,
  );
  expect(page.match(/^\| `[a-z].*\|$/gm)).toEqual(rows);
});

test('docs/cli.md lists every exit status', () => {
  const rows = Object.values(EXIT_STATUSES).map(([status, says]) => `| ${status} | ${says} |`);
  expect(page.match(/^\| \d+ \| .*\|$/gm)).toEqual(rows);
});
