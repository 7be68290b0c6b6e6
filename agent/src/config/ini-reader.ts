import type { Problem } from './config.ts';
import type { IniDocument, IniOption, Origin } from './ini-document.ts';
import { isSpace, quoted, strip, stripEnd } from './python-text.ts';

const HEADER = /^\[(.+)\]/s;
const INLINE_MARKERS = [';', '#'];

interface OpenOption {
  readonly name: string;
  readonly parts: string[];
  readonly origin: Origin;
}

/**
 * Reads one file's text into the document and returns everything that is wrong with it; the first problem
 * carries supervisord's own text for the whole file.
 * Contract: CFG-051 to CFG-067. Source: Python's RawConfigParser with inline comments and repeated names allowed.
 */
export function readIni(text: string, file: string, document: IniDocument): Problem[] {
  return new IniReader(file, document).read(text);
}

/** One pass over one file. The state is what a line's meaning depends on: section, open option, its indent. */
class IniReader {
  private readonly file: string;
  private readonly document: IniDocument;
  private sectionName = '';
  private options: Map<string, IniOption> | null = null;
  private open: OpenOption | null = null;
  private indent = 0;
  private headless: Problem | null = null;
  private readonly badLines: { readonly line: number; readonly raw: string }[] = [];

  constructor(file: string, document: IniDocument) {
    this.file = file;
    this.document = document;
  }

  read(text: string): Problem[] {
    let line = 0;
    for (const raw of linesOf(text)) {
      line += 1;
      this.take(raw, line);
    }
    this.close();
    return this.headless === null ? this.parsingErrors() : [this.headless, ...this.parsingErrors()];
  }

  private take(raw: string, line: number): void {
    const cut = commentStart(raw);
    const value = strip(cut === null ? raw : raw.slice(0, cut));
    if (value === '') {
      if (cut === null) this.open?.parts.push('');
      return;
    }
    const indent = leadingSpace(raw);
    if (this.open !== null && this.open.name !== '' && indent > this.indent) {
      this.open.parts.push(value);
      return;
    }
    this.indent = indent;
    const header = HEADER.exec(value);
    if (header?.[1] !== undefined) this.enter(header[1], line);
    else if (this.options === null) this.complainHeadless(raw, line);
    else this.begin(value, raw, line);
  }

  private enter(name: string, line: number): void {
    this.close();
    this.sectionName = name;
    const origin = { file: this.file, line };
    this.options = name === 'DEFAULT' ? this.document.defaults : this.document.section(name, origin).options;
  }

  private begin(value: string, raw: string, line: number): void {
    const at = value.search(/[=:]/);
    if (at < 0) {
      this.badLines.push({ line, raw });
      return;
    }
    this.close();
    if (at === 0) this.badLines.push({ line, raw });
    const name = stripEnd(value.slice(0, at)).toLowerCase();
    this.open = { name, parts: [strip(value.slice(at + 1))], origin: { file: this.file, line } };
  }

  private close(): void {
    const done = this.open;
    this.open = null;
    if (done === null || this.options === null) return;
    const earlier = this.options.get(done.name)?.origin;
    const later = done.origin;
    if (earlier !== undefined) {
      this.document.repetitions.push({ section: this.sectionName, option: done.name, earlier, later });
    }
    this.options.set(done.name, { value: stripEnd(done.parts.join('\n')), origin: later });
  }

  private complainHeadless(raw: string, line: number): void {
    if (this.headless !== null) return;
    this.headless = {
      where: `${this.file}:${line}`,
      says: `File contains no section headers.\nfile: ${quoted(this.file)}, line: ${line}\n${quoted(raw)}`,
      hint: raw.startsWith('\ufeff')
        ? 'the file begins with a byte order mark; save it without one'
        : 'every option belongs below a header such as [supervisord]',
    };
  }

  private parsingErrors(): Problem[] {
    const hint = 'write option=value, or indent the line to continue the option above it';
    const list = this.badLines.map(({ line, raw }) => `\n\t[line ${`${line}`.padStart(2)}]: ${quoted(raw)}`);
    return this.badLines.map(({ line, raw }, index) => ({
      where: `${this.file}:${line}`,
      says:
        index === 0
          ? `Source contains parsing errors: ${quoted(this.file)}${list.join('')}`
          : `neither a header nor an option: ${quoted(stripEnd(raw))}`,
      hint,
    }));
  }
}

/** Lines with their end, which is `\n` whatever the file has. */
function* linesOf(text: string): Generator<string> {
  const plain = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  let at = 0;
  while (at < plain.length) {
    const end = plain.indexOf('\n', at);
    const next = end < 0 ? plain.length : end + 1;
    yield plain.slice(at, next);
    at = next;
  }
}

/** Where a comment begins: at a first visible `;` or `#`, or at one that follows white space. */
function commentStart(line: string): number | null {
  const first = leadingSpace(line);
  if (INLINE_MARKERS.includes(line[first] ?? '')) return 0;
  for (let at = first + 1; at < line.length; at += 1) {
    const character = line[at];
    if ((character === ';' || character === '#') && isSpace(line[at - 1])) return at;
  }
  return null;
}

function leadingSpace(line: string): number {
  let at = 0;
  while (at < line.length && isSpace(line[at])) at += 1;
  return at === line.length ? 0 : at;
}
