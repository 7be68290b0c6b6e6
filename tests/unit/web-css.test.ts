import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const CSS = join(ROOT, 'src/web/static/css');

function textOf(folder: string, end: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'))
    .join('\n');
}

/** The library that colours logs makes these, and the helper that draws a glyph by its name. */
const MADE_ELSEWHERE = /^(ansi|g)-/;

test('every class of the style sheets is made by a template or a script', () => {
  const makers = textOf('views', '.hbs') + textOf('src/web', '.ts');
  const words = new Set(makers.match(/[\w-]+/g));
  const prefixes = new Set([...makers.matchAll(/([\w-]+-)(?:\{\{|\$\{)/g)].map(([, prefix]) => prefix ?? ''));
  const isMade = (name: string): boolean =>
    words.has(name) ||
    MADE_ELSEWHERE.test(name) ||
    [...name.matchAll(/-/g)].some(({ index }) => prefixes.has(name.slice(0, index + 1)));
  const dead = readdirSync(CSS).flatMap((file) => {
    const selectors = readFileSync(join(CSS, file), 'utf8')
      .replace(/\/\*[\s\S]*?\*\/|@import[^;]*;/g, '')
      .replace(/\{[^{}]*\}/g, '{}');
    return [...selectors.matchAll(/\.(-?[a-zA-Z][\w-]*)/g)].flatMap(([, name = '']) =>
      isMade(name) ? [] : [`${file} .${name}`],
    );
  });
  expect([...new Set(dead)]).toEqual([]);
});
