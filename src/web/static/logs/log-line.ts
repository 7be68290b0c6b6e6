import { AnsiUp } from 'ansi_up';
import type { TailLine } from '../../../api/contract.ts';
import { withColours } from '../../../fleet/terminal-codes.ts';
import { fullTime } from '../../view/format.ts';
import { grouped } from '../../view/say.ts';
import { sentence } from '../../view/sentence.ts';
import { say } from '../page-root.ts';
import { reader } from '../screen.ts';
import { inPalette } from './ansi-palette.ts';
import type { Kept } from './log-memory.ts';

/** What of one line is drawn; the rest of it is in the download. */
const MOST_CHARS = 8_192;
/** How the hub marks a line it has cut. */
const CUT = / … \[line cut after 64 KiB\]$/;

export interface Look {
  /** Place of a source among those shown, for its colour. */
  colourOf(source: string): number;
  /** One source only: its name is not printed. */
  readonly single: boolean;
  readonly marks: RegExp | null;
  readonly clock: (ms: number) => string;
}

/** A line as an element: escaped, coloured by class, matches marked. */
export function paintLine(kept: Kept, before: Kept | undefined, look: Look): HTMLElement {
  const { line } = kept;
  const row = document.createElement('div');
  row.className = line.kind === 'note' ? 'log-line note' : `log-line ${line.channel}`;
  row.classList.add(`s-${look.colourOf(line.source) % 8}`);
  row.classList.toggle('same', before?.line.source === line.source && before.line.kind === line.kind);
  row.classList.toggle('hit', kept.matches);
  // of what was there before the page, when it was written says more than when it came
  const atMs = kept.barMs ?? line.atMs;
  const time = part('time', look.clock(atMs));
  time.title = fullTime(atMs, reader());
  row.append(
    time,
    ...(look.single ? [] : [sourceName(line.source)]),
    part('stream', tagOf(line)),
    line.kind === 'note'
      ? part('text', sentence(line.said, line.says, reader()))
      : textOf(line.text, kept, look),
  );
  return row;
}

function sourceName(source: string): HTMLElement {
  const [host = '', namespec = ''] = source.split('/', 2);
  const name = part('source', '');
  name.append(
    Object.assign(document.createElement('span'), { className: 'log-host', textContent: host }),
    ' ',
    Object.assign(document.createElement('b'), { textContent: namespec.slice(namespec.indexOf(':') + 1) }),
  );
  name.title = source;
  return name;
}

function textOf(whole: string, { ansi }: Kept, { marks }: Look): HTMLElement {
  const isCut = CUT.test(whole);
  const full = whole.replace(/\r$/, '').replace(CUT, '');
  const shown = full.slice(0, MOST_CHARS);
  const text = part('text', '');
  text.innerHTML = inPalette(ansiUp().ansi_to_html(ansi + withColours(shown)));
  if (marks !== null) mark(text, marks);
  if (isCut || shown.length < full.length) {
    const rest = isCut ? say('log.cut64') : say('log.cut', { n: full.length - shown.length });
    text.append(' ', part('cut', rest));
  }
  return text;
}

function ansiUp(): AnsiUp {
  const made = new AnsiUp();
  made.use_classes = true;
  made.url_allowlist = {};
  return made;
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

function mark(text: HTMLElement, marks: RegExp): void {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) if (walker.currentNode instanceof Text) nodes.push(walker.currentNode);
  marks.lastIndex = 0; // matchAll begins there
  for (const node of nodes) {
    const found = [...node.data.matchAll(marks)].filter(([hit]) => hit !== '').reverse();
    for (const hit of found) {
      const after = node.splitText(hit.index);
      after.splitText(hit[0].length);
      const marked = document.createElement('mark');
      after.replaceWith(marked);
      marked.append(after);
    }
  }
}

/** A text that is no log line of its own, such as one a search found: escaped, coloured, marked. */
export function paintText(text: string, marks: RegExp | null): HTMLElement {
  const kept: Kept = {
    n: 0,
    line: { kind: 'note', source: '', channel: 'stdout', says: '', atMs: 0 },
    ansi: '',
    matches: false,
    barMs: null,
    height: 0,
  };
  return textOf(text, kept, { colourOf: () => 0, single: true, marks, clock: () => '' });
}

/** `1,204` lines, of which so many match. */
export function newerWords(newer: number, matching: number | null): string {
  return matching === null
    ? say('log.newer', { n: newer })
    : say('log.newerMatch', { n: newer, matches: grouped(matching) });
}
