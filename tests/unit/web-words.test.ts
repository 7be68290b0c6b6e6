import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import Handlebars from 'handlebars';
import { expect, test } from 'vitest';
import { en } from '../../src/web/messages/en.ts';
import { zh } from '../../src/web/messages/zh.ts';

const ROOT = resolve(import.meta.dirname, '../..');

function files(folder: string, end: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end))
    .map((file) => join(ROOT, folder, file));
}

/** Names that no language changes, and what stands on keys. */
const OWN_WORDS = /\b(Fleetvisor|openapi.json|HTTP|pid|CSV|JSON|Ctrl|Esc|K|s|r|t|f)\b/g;
/** What fields show as a sample of what is typed there. */
const SAMPLES: ReadonlySet<string> = new Set([
  'web-05',
  'prod',
  'http://10.2.0.15:9001/RPC2',
  'web eu',
  'ops',
  'https://alerts.example.net/hook/…',
  'https://hooks.slack.com/services/…',
  'mail.example.net',
  'fleet@example.net',
  'ops@example.net',
]);
const SPOKEN_ATTRIBUTES = /\b(?:title|aria-label|placeholder|alt)="([^"]*)"/g;

/** What a template says itself: its text and spoken attributes, without what it is given. */
function ownText(source: string): string[] {
  const parts: string[] = [];
  const walk = (program: hbs.AST.Program): void => {
    for (const statement of program.body) {
      // A gap, so that words on both sides of a value stay two.
      if (statement.type === 'ContentStatement') parts.push((statement as hbs.AST.ContentStatement).value);
      else if (statement.type === 'BlockStatement') {
        const { program: first, inverse } = statement as hbs.AST.BlockStatement;
        walk(first);
        if (inverse) walk(inverse);
      } else parts.push('\u0000');
    }
  };
  walk(Handlebars.parse(source));
  const whole = parts.join('');
  const spoken = [...whole.matchAll(SPOKEN_ATTRIBUTES)].map(([, text]) => text ?? '');
  const between = whole.replace(/<[^>]*>/g, '\n').split('\n');
  return [...spoken, ...between]
    .map((text) => text.replaceAll('\u0000', ' ').replace(/&\w+;/g, ' ').replace(OWN_WORDS, ' ').trim())
    .filter((text) => /\p{L}{2,}/u.test(text) && !SAMPLES.has(text));
}

test('templates hold no word of their own: all text comes from the messages', () => {
  const found = files('views', '.hbs').flatMap((file) =>
    ownText(readFileSync(file, 'utf8')).map((text) => `${relative(ROOT, file)}: ${text}`),
  );
  expect(found).toEqual([]);
});

/** String literals of a file, without comments; templates with their values left out. */
function literals(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1');
  return code.split('\n').flatMap((line) => {
    if (/\bError\(|^import |^} from |^export .* from /.test(line.trim())) return [];
    return [...line.matchAll(/'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(
      ([, plain, template]) => plain ?? (template ?? '').replace(/\$\{[^}]*\}/g, ' '),
    );
  });
}

/** supervisord's own, looked for in what it says; and a key. */
const NOT_OURS: ReadonlySet<string> = new Set(['Exited too quickly', 'Exit status unknown', 'Shift x']);
/** Two words of prose in a row, beginning with a capital or ended like a sentence. */
const PROSE = /^[A-Z][a-z]+,? [a-z]+|[a-z]{2,} [a-z]{2,}[^<>]*[.!?]$/;

test('neither the views nor the browser say anything that does not come from the messages', () => {
  const found = [...files('src/web/view', '.ts'), ...files('src/web/static', '.ts')].flatMap((file) =>
    literals(readFileSync(file, 'utf8'))
      .filter((text) => PROSE.test(text.trim()) && !NOT_OURS.has(text))
      .map((text) => `${relative(ROOT, file)}: ${text}`),
  );
  expect(found).toEqual([]);
});

const gaps = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].sort();

test('every message has the same gaps in both languages', () => {
  for (const [key, text] of Object.entries(en))
    expect(gaps(zh[key as keyof typeof en]), key).toEqual(gaps(text));
});
