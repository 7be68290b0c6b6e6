import { AnsiUp } from 'ansi_up';
import type { TailLine } from '../../api/contract.ts';
import { say } from './page-root.ts';

/** Turns tail lines into elements: escaped, coloured by class, matches marked. */
export class LinePainter {
  readonly #ansi = new Map<string, AnsiUp>();
  readonly #sources: readonly string[];
  readonly #clock: (ms: number) => string;

  constructor(sources: readonly string[], clock: (ms: number) => string) {
    this.#sources = sources;
    this.#clock = clock;
  }

  paint(line: TailLine, match: RegExp | null): HTMLElement {
    const row = document.createElement('div');
    row.className = line.kind === 'note' ? 'log-line note' : `log-line ${line.channel}`;
    row.classList.add(`s-${Math.max(0, this.#sources.indexOf(line.source)) % 8}`);
    const source = this.#sources.length > 1 ? this.#source(line.source) : '';
    row.append(
      part('time', this.#clock(line.atMs)),
      ...(source === '' ? [] : [source]),
      part('stream', tagOf(line)),
      this.#text(line, match),
    );
    return row;
  }

  #source(target: string): HTMLElement {
    const at = this.#sources.indexOf(target);
    const [host = '', namespec = ''] = target.split('/', 2);
    const name = part('source', `${host} ${namespec.slice(namespec.indexOf(':') + 1)}`);
    name.classList.add(`s-${Math.max(0, at) % 8}`);
    name.title = target;
    return name;
  }

  #text(line: TailLine, match: RegExp | null): HTMLElement {
    if (line.kind === 'note') return part('text', line.says);
    const text = part('text', '');
    text.innerHTML = withoutStyles(
      this.#ansiOf(`${line.source} ${line.channel}`).ansi_to_html(line.text.replace(/\r$/, '')),
    );
    for (const coloured of text.querySelectorAll<HTMLElement>('[data-style]'))
      coloured.style.cssText = coloured.dataset.style ?? '';
    if (match !== null) mark(text, match);
    return text;
  }

  #ansiOf(key: string): AnsiUp {
    const known = this.#ansi.get(key);
    if (known !== undefined) return known;
    const made = new AnsiUp();
    made.use_classes = true;
    made.url_allowlist = {};
    this.#ansi.set(key, made);
    return made;
  }
}

function tagOf(line: TailLine): string {
  if (line.kind === 'note') return say('log.sup');
  return say(line.channel === 'stderr' ? 'log.err' : 'log.out');
}

function part(kind: string, text: string): HTMLElement {
  const made = document.createElement('span');
  made.className = `log-${kind}`;
  made.textContent = text;
  return made;
}

/** The page allows no style attributes in markup: they are set one by one afterwards. `<` in a log line is escaped, so this meets only our own. */
function withoutStyles(html: string): string {
  return html
    .replace(/<span style="/g, '<span data-style="')
    .replace(/<span class="([^"]*)" style="/g, '<span class="$1" data-style="');
}

function mark(text: HTMLElement, match: RegExp): void {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) if (walker.currentNode instanceof Text) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const found = [...node.data.matchAll(match)].filter(([hit]) => hit !== '').reverse();
    for (const hit of found) {
      const after = node.splitText(hit.index);
      after.splitText(hit[0].length);
      const marked = document.createElement('mark');
      after.replaceWith(marked);
      marked.append(after);
    }
  }
}

/** The line without its colours, for the filter and the download. */
export function plainText(line: TailLine): string {
  return line.kind === 'note'
    ? line.says
    : line.text.replace(/\u001b(\[[0-9;?]*[A-Za-z]|\][^\u0007\u001b]*(\u0007|\u001b\\))/g, '');
}

/** `/a|b/` is an expression, anything else is looked for as it stands; upper and lower case are the same. */
export function patternOf(text: string): RegExp | null {
  if (text === '') return null;
  const [, expression] = /^\/(.+?)\/?$/.exec(text) ?? [];
  try {
    return new RegExp(expression ?? text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  } catch {
    return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'); // not an expression yet: somebody is still typing it
  }
}
