import type { ImportRow } from '../fleet/imported-row.ts';
import type { Problem } from '../fleet/problem.ts';
import { problemAt, type ReadList, rowFrom } from './row.ts';

const DEFAULT_PORT = '9001';

/** One address a line: `[NAME] ADDRESS`. `#` begins a comment; without a scheme it is http, without a port 9001. */
export function readUrlList(text: string): ReadList {
  const rows: ImportRow[] = [];
  const problems: Problem[] = [];
  const names = new Set<string>();
  text.split(/\r?\n/).forEach((raw, at) => {
    const words = raw
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/[\s,;]+/)
      .filter((word) => word !== '');
    const [first, second, ...more] = words;
    if (first === undefined) return;
    const url = fullAddress(second ?? first);
    if (more.length > 0 || url === null) {
      problems.push(
        problemAt(at + 1, 'is no address', 'Write one address a line, or a name and an address.'),
      );
      return;
    }
    const name = second === undefined ? freeName(url, names) : first;
    names.add(name.toLowerCase());
    rows.push(rowFrom({ line: at + 1, name, url }));
  });
  return { rows, problems };
}

function fullAddress(text: string): string | null {
  if (text.startsWith('unix:') || text.startsWith('/')) return text.startsWith('/') ? `unix://${text}` : text;
  const schemed = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(schemed)) return null;
  const { protocol, port, hostname } = new URL(schemed);
  if (hostname === '') return null;
  const bare = protocol === 'http:' && port === '' && !/:80(\/|$)/.test(schemed);
  return bare ? schemed.replace(/^([a-z]+:\/\/[^/?#]*)/i, `$1:${DEFAULT_PORT}`) : schemed;
}

/** The host's name; with the port where one machine has several. */
function freeName(url: string, taken: ReadonlySet<string>): string {
  if (url.startsWith('unix:'))
    return (
      url
        .replace(/^unix:\/*/, '')
        .replace(/\.sock$/, '')
        .split('/')
        .at(-1) ?? 'local'
    );
  const { hostname, port } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, '');
  return taken.has(name.toLowerCase()) ? `${name}-${port}` : name;
}
