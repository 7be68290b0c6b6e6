import type { ImportRow } from '../fleet/imported-row.ts';
import type { Problem } from '../fleet/problem.ts';
import { type PhpToken, phpTokens } from './php-tokens.ts';
import { problemAt, type ReadList, rowFrom } from './row.ts';

const DEFAULT_PORT = '9001';

/**
 * supervisord-monitor's PHP: `$config['supervisor_servers'] = array('name' => array('url' => …, 'port' => …), …)`,
 * long or short arrays. Only literals are read; nothing is run.
 */
export function readSupervisordMonitor(text: string): ReadList {
  const tokens = phpTokens(text);
  const start = tokens.findIndex(
    (token, at) =>
      token.kind === 'text' && token.text === 'supervisor_servers' && tokens[at + 2]?.text === '=',
  );
  if (start < 0)
    return {
      rows: [],
      problems: [problemAt(null, "there is no $config['supervisor_servers'] = array(…) in it")],
    };
  const reader = new ArrayReader(tokens, start + 3);
  const rows = reader.servers();
  return { rows, problems: reader.problems };
}

const CLOSES: Readonly<Record<string, string>> = { 'array(': ')', '[': ']' };

class ArrayReader {
  readonly problems: Problem[] = [];
  readonly #tokens: readonly PhpToken[];
  #at: number;

  constructor(tokens: readonly PhpToken[], at: number) {
    this.#tokens = tokens;
    this.#at = at;
  }

  servers(): ImportRow[] {
    const rows: ImportRow[] = [];
    this.#pairs((key, line) => {
      const options = new Map<string, string>();
      const isArray = this.#pairs((name) => {
        const value = this.#next();
        if (value?.kind === 'text' || value?.kind === 'number') options.set(name, value.text);
        else this.#skipRest(value);
      });
      if (!isArray) this.#skipRest(this.#next());
      const row = isArray ? toRow(key, line, options) : null;
      if (row === null) this.problems.push(problemAt(line, `${JSON.stringify(key)} has no url`));
      else rows.push(row);
    }) || this.problems.push(problemAt(this.#line(), 'is no array of servers written out'));
    return rows;
  }

  /** Reads `array( 'key' => … , … )`; `value` reads what stands after the arrow. False: here is no array. */
  #pairs(value: (key: string, line: number) => void): boolean {
    const close = CLOSES[this.#tokens[this.#at]?.text ?? ''];
    if (close === undefined || this.#tokens[this.#at]?.kind === 'text') return false;
    this.#at++;
    for (;;) {
      const token = this.#next();
      if (token === undefined) {
        this.problems.push(problemAt(this.#line(), 'the file ends inside an array'));
        return true;
      }
      if (token.kind === 'sign' && token.text === close) return true;
      if (token.kind === 'sign' && token.text === ',') continue;
      if ((token.kind === 'text' || token.kind === 'number') && this.#tokens[this.#at]?.text === '=>') {
        this.#at++;
        value(token.text, token.line);
        this.#expectComma(close);
      } else
        this.problems.push(problemAt(token.line, `${JSON.stringify(token.text)} is not understood here`));
    }
  }

  /** A comma left out is a mistake people live with: it is said and read over. */
  #expectComma(close: string): void {
    const next = this.#tokens[this.#at];
    if (next === undefined || next.text === ',' || next.text === close) return;
    if (next.kind === 'text') this.problems.push(problemAt(next.line, 'a comma is missing before this'));
  }

  /** An expression, not a literal: over to the next comma or end of this array. */
  #skipRest(first: PhpToken | undefined): void {
    let depth = first !== undefined && first.kind === 'sign' && /[([]$/.test(first.text) ? 1 : 0;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || (depth === 0 && token.kind === 'sign' && /^[,)\]]$/.test(token.text)))
        return;
      if (token.kind === 'sign' && /[([]$/.test(token.text)) depth++;
      if (token.kind === 'sign' && /^[)\]]$/.test(token.text)) depth--;
      this.#at++;
    }
  }

  #next(): PhpToken | undefined {
    return this.#tokens[this.#at++];
  }

  #line(): number | null {
    return (this.#tokens[this.#at] ?? this.#tokens.at(-1))?.line ?? null;
  }
}

function toRow(name: string, line: number, options: ReadonlyMap<string, string>): ImportRow | null {
  const url = options.get('url') ?? '';
  if (url === '') return null;
  const [, scheme = 'http://', authority = '', path = ''] = /^([a-z]+:\/\/)?([^/]*)(\/.*)?$/i.exec(url) ?? [];
  const port = /:\d+$/.test(authority) ? '' : `:${options.get('port') || DEFAULT_PORT}`;
  return rowFrom({
    line,
    name,
    url: `${scheme}${authority}${port}${path === '/RPC2' ? '' : path}`,
    username: options.get('username'),
    password: options.get('password'),
  });
}
