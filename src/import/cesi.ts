import { parse, TomlError } from 'smol-toml';
import type { ImportRow } from '../fleet/imported-row.ts';
import type { Problem } from '../fleet/problem.ts';
import { problemAt, type ReadList, rowFrom } from './row.ts';

const DEFAULT_PORT = '9001';

/** cesi's TOML: a `[[nodes]]` table per supervisord with name, environment, username, password, host and port. */
export function readCesi(text: string): ReadList {
  let nodes: unknown;
  try {
    nodes = parse(text).nodes;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const says = error.message.split('\n')[0] ?? 'is not TOML';
    return { rows: [], problems: [problemAt(error.line, says)] };
  }
  if (!Array.isArray(nodes))
    return {
      rows: [],
      problems: [problemAt(null, 'there is no [[nodes]] in it', 'Is this a file of cesi 2?')],
    };
  const lines = headerLines(text);
  const rows: ImportRow[] = [];
  const problems: Problem[] = [];
  nodes.forEach((node, at) => {
    const line = lines[at] ?? null;
    const read = readNode(node, line);
    if ('says' in read) problems.push(problemAt(line, read.says));
    else rows.push(read);
  });
  return { rows, problems };
}

function readNode(node: unknown, line: number | null): ImportRow | { readonly says: string } {
  const of = (key: string): string | undefined => textOf(node, key);
  const host = of('host');
  if (host === undefined || host === '') return { says: 'this node has no host' };
  const address = host.includes('://') ? host : `http://${host}`;
  return rowFrom({
    line,
    name: of('name') ?? host,
    url: /:\d+$/.test(address) ? address : `${address}:${of('port') || DEFAULT_PORT}`,
    username: of('username'),
    password: of('password'),
    environment: of('environment'),
  });
}

function textOf(node: unknown, key: string): string | undefined {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
  const value: unknown = Object.entries(node).find(([name]) => name === key)?.[1];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : undefined;
}

/** The parser keeps no places: the headers are counted. */
function headerLines(text: string): number[] {
  return text.split('\n').flatMap((line, at) => (/^\s*\[\[\s*nodes\s*\]\]/.test(line) ? [at + 1] : []));
}
