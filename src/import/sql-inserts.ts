import type { Problem } from '../fleet/problem.ts';
import { problemAt } from './row.ts';

/** One row of an INSERT; null stays null, everything else is text. */
export interface SqlInsert {
  readonly line: number;
  /** Lower case, without quotes or schema. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly values: readonly (string | null)[];
}

const TOKEN =
  /\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'((?:[^'\\]|''|\\[\s\S])*)'|`((?:[^`]|``)*)`|"((?:[^"]|"")*)"|[\w$.+-]+|[\s\S]/gy;

interface Token {
  readonly kind: 'string' | 'name' | 'word' | 'sign';
  readonly text: string;
  readonly line: number;
}

/**
 * The rows that a dump of SQLite or MySQL inserts into the tables named in `columnsOf`, which gives the columns
 * for an INSERT that names none. Everything else in the dump is read over.
 */
export function sqlInserts(
  text: string,
  columnsOf: Readonly<Record<string, readonly string[]>>,
): { inserts: SqlInsert[]; problems: Problem[] } {
  const inserts: SqlInsert[] = [];
  const problems: Problem[] = [];
  const tokens = tokensOf(text);
  for (let at = 0; at < tokens.length; at++) {
    if (!isWord(tokens[at], 'insert')) continue;
    let next = at + 1;
    while (isWord(tokens[next], 'or', 'ignore', 'replace', 'into')) next++;
    const table = (tokens[next]?.text ?? '').split('.').at(-1)?.toLowerCase() ?? '';
    const fallback = Object.hasOwn(columnsOf, table) ? columnsOf[table] : undefined;
    if (fallback === undefined) continue;
    at = readRows(tokens, next + 1, { table, fallback, inserts, problems }) - 1;
  }
  return { inserts, problems };
}

interface Into {
  readonly table: string;
  readonly fallback: readonly string[];
  readonly inserts: SqlInsert[];
  readonly problems: Problem[];
}

/** Reads `[(columns)] VALUES (…), (…)` and returns where it ended. */
function readRows(
  tokens: readonly Token[],
  from: number,
  { table, fallback, inserts, problems }: Into,
): number {
  let at = from;
  let columns = fallback;
  if (tokens[at]?.text === '(') {
    const end = closing(tokens, at);
    columns = tokens
      .slice(at + 1, end)
      .flatMap(({ text, kind }) => (kind === 'sign' ? [] : [text.toLowerCase()]));
    at = end + 1;
  }
  if (!isWord(tokens[at], 'values', 'value')) return at;
  at++;
  while (tokens[at]?.text === '(' && tokens[at]?.kind === 'sign') {
    const end = closing(tokens, at);
    const values = valuesIn(tokens.slice(at + 1, end));
    const line = tokens[at]?.line ?? 1;
    if (values.length === columns.length) inserts.push({ line, table, columns, values });
    else problems.push(problemAt(line, `${values.length} values for ${columns.length} columns of ${table}`));
    at = tokens[end + 1]?.text === ',' ? end + 2 : end + 1;
  }
  return at;
}

function closing(tokens: readonly Token[], open: number): number {
  let at = open + 1;
  while (at < tokens.length && !(tokens[at]?.kind === 'sign' && tokens[at]?.text === ')')) at++;
  return at;
}

function valuesIn(tokens: readonly Token[]): (string | null)[] {
  const values: (string | null)[] = [];
  let expected = true;
  for (const token of tokens) {
    if (token.kind === 'sign' && token.text === ',') expected = true;
    else if (expected) {
      values.push(token.kind === 'word' && token.text.toLowerCase() === 'null' ? null : token.text);
      expected = false;
    }
  }
  return values;
}

function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text.toLowerCase());
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const match of text.matchAll(TOKEN)) {
    const [all, string, backtick, quoted] = match;
    const token = tokenOf(all, string, backtick ?? quoted);
    if (token !== null) tokens.push({ ...token, line });
    line += all.split('\n').length - 1;
  }
  return tokens;
}

function tokenOf(all: string, string?: string, name?: string): Omit<Token, 'line'> | null {
  if (string !== undefined)
    return { kind: 'string', text: string.replaceAll("''", "'").replace(/\\([\s\S])/g, '$1') };
  if (name !== undefined) return { kind: 'name', text: name };
  if (/^(\s|--|#|\/\*)/.test(all)) return null;
  return { kind: /^[\w$.+-]/.test(all) ? 'word' : 'sign', text: all };
}
