import { expect, test } from 'vitest';
import { completeLine } from '../../agent/src/cli/candidates.ts';
import { columns } from '../../agent/src/cli/columns.ts';
import { COMPLETION_SCRIPTS } from '../../agent/src/cli/completion-scripts.ts';
import { afterResult, EXIT } from '../../agent/src/cli/exit-status.ts';
import { parseOptions } from '../../agent/src/cli/options.ts';
import { looksLikeUrl, parseServerUrl } from '../../agent/src/cli/server-address.ts';
import { splitLine } from '../../agent/src/cli/split-line.ts';
import { parseAmount } from '../../agent/src/cli/tail-amount.ts';
import { VERBS } from '../../agent/src/cli/verbs.ts';

const PROCESSES = [
  { group: 'cron', name: 'cron' },
  { group: 'web', name: 'web_00' },
  { group: 'a b', name: 'a b' },
];
const complete = async (line: string) => (await completeLine(line, VERBS, async () => PROCESSES)).words;

test('CTL-018 a question mark is help, blanks around a line are dropped', () => {
  expect(splitLine(' ? start ')).toEqual({ kind: 'verb', name: 'help', args: ['start'] });
  expect(splitLine('  \t ')).toEqual({ kind: 'empty' });
});

test('CTL-016 a line that begins with no letter, digit or _ is no command', () => {
  expect(splitLine('!x')).toMatchObject({ kind: 'other' });
});

test('a backslash keeps a blank inside a word', () => {
  expect(splitLine('status a\\ b c')).toEqual({ kind: 'verb', name: 'status', args: ['a b', 'c'] });
});

test('CTL-092 names complete by what the verb takes', async () => {
  expect(await complete('sta')).toEqual(['start', 'status']);
  expect(await complete('help ma')).toEqual(['maintail']);
  expect(await complete('update w')).toEqual(['web']);
  expect(await complete('start ')).toEqual(['cron', 'web:web_00', 'web:*', 'a\\ b']);
  expect(await complete('stop cron:')).toEqual(['cron:cron', 'cron:*']);
  expect(await complete('avail x')).toEqual([]);
});

test('CTL-094 signal offers processes in the place of the signal too', async () => {
  expect(await complete('signal cr')).toEqual(['cron']);
});

test('CTL-004 CTL-005 the last failing result decides', () => {
  expect(afterResult(EXIT.generic, 70)).toBe(EXIT.deadProgram);
  expect(afterResult(EXIT.deadProgram, 10)).toBe(EXIT.generic);
  expect(afterResult(EXIT.deadProgram, 80)).toBe(EXIT.deadProgram);
  expect(afterResult(EXIT.success, 60, 60)).toBe(EXIT.success);
});

test('CTL-051 an amount is a number of bytes or the future', () => {
  expect(parseAmount(null)).toEqual({ kind: 'last', bytes: 1600 });
  expect(parseAmount('-f')).toEqual({ kind: 'follow' });
  expect(parseAmount('-20')).toEqual({ kind: 'last', bytes: 20 });
  expect(parseAmount('-x')).toBeNull();
});

test('CFG-043 CFG-047 server URLs', () => {
  expect(parseServerUrl('unix:///run/s.sock')).toEqual({ kind: 'unix', socketPath: '/run/s.sock' });
  expect(parseServerUrl('http://:9001')).toMatchObject({ host: 'localhost', port: 9001 });
  expect(parseServerUrl('http://[::1]:9001/')).toMatchObject({ host: '::1', port: 9001 });
  expect(parseServerUrl('https://x')).toMatchObject({ port: 443, tls: 'verified' });
  expect(parseServerUrl('ftp://x')).toBeUndefined();
  expect(['foo', 'foo:', 'unix:///x', 'a:b'].map(looksLikeUrl)).toEqual([false, false, true, true]);
});

test('CFG-045 CFG-046 options end at the first word; history is spelled either way', () => {
  expect(parseOptions(['-r', 'h', 'tail', '-f', 'x'])).toMatchObject({
    ok: true,
    value: { historyFile: 'h', line: 'tail -f x' },
  });
  expect(parseOptions(['--history-file=h'])).toMatchObject({ value: { historyFile: 'h', line: '' } });
});

test('options of ours never answer to a shortened one of supervisorctl', () => {
  expect(parseOptions(['--h'])).toMatchObject({ problems: [{ says: 'option --h not a unique prefix' }] });
  expect(parseOptions(['--js'])).toMatchObject({ problems: [{ says: 'option --js not recognized' }] });
  expect(parseOptions(['--json', 'status'])).toMatchObject({ value: { json: true, line: 'status' } });
});

test('CTL-090 words fill columns from the top', () => {
  expect(columns(['a', 'bb', 'c', 'd', 'e'], 7)).toEqual(['a   d', 'bb  e', 'c ']);
});

test.each(Object.entries(COMPLETION_SCRIPTS))('the completion script of %s is whole', (shell, script) => {
  const count = (what: RegExp) => script.match(what)?.length ?? 0;
  expect(count(/"/g) % 2).toBe(0);
  expect(count(/\{/g)).toBe(count(/\}/g));
  if (shell === 'fish') expect(count(/^\s*(function|while|switch)\b/gm)).toBe(count(/^\s*end\b/gm));
  else
    expect([count(/\bdo$/gm), count(/\bthen$/gm), count(/\bcase /g)]).toEqual([
      count(/\bdone$/gm),
      count(/\bfi$/gm),
      count(/\besac$/gm),
    ]);
});
