import type { ImportRow } from '../fleet/imported-row.ts';
import type { Problem } from '../fleet/problem.ts';
import { problemAt, type ReadList, rowFrom } from './row.ts';

/** What multivisor's address names is its own listener inside supervisord, which does not speak XML-RPC. */
const ITS_OWN_PORT = '9002';
const DEFAULT_PORT = '9001';

interface Section {
  readonly line: number;
  readonly name: string;
  readonly options: Map<string, string>;
}

/**
 * multivisor's INI: `[supervisor:NAME]` with an optional `url=[HOST][:PORT]`, username and password.
 * The port there is that of multivisor's listener; supervisord's own is assumed to be 9001, and the row says so.
 */
export function readMultivisor(text: string): ReadList {
  const problems: Problem[] = [];
  const sections = readSections(text, problems);
  if (sections.length === 0 && problems.length === 0)
    problems.push(problemAt(null, 'there is no [supervisor:NAME] in it', 'Is this a multivisor.conf?'));
  return { rows: sections.map(toRow), problems };
}

function toRow({ line, name, options }: Section): ImportRow {
  const url = options.get('url') ?? '';
  const [, scheme = 'http://', host = '', port = ITS_OWN_PORT] =
    /^([a-z]+:\/\/)?([^:/]*)(?::(\d+))?/i.exec(url) ?? [];
  return rowFrom({
    line,
    name,
    url: `${scheme}${host === '' ? name : host}:${DEFAULT_PORT}`,
    username: options.get('username'),
    password: options.get('password'),
    remark: `port ${port} is multivisor's own: supervisord is assumed at ${DEFAULT_PORT}`,
  });
}

function readSections(text: string, problems: Problem[]): Section[] {
  const sections: Section[] = [];
  let here: Section | null = null;
  text.split(/\r?\n/).forEach((raw, at) => {
    const line = raw.trim();
    const header = /^\[([^\]]*)\]/.exec(line);
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    if (header !== null) {
      const name = /^supervisor:(.*)$/.exec(header[1] ?? '')?.[1]?.trim();
      here = name === undefined ? null : { line: at + 1, name, options: new Map() };
      if (here !== null) sections.push(here);
      return;
    }
    if (line.startsWith('[')) {
      here = null;
      problems.push(problemAt(at + 1, 'is a section that is not closed', 'Add a "]".'));
      return;
    }
    const option = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line);
    if (option === null) problems.push(problemAt(at + 1, 'is neither a section nor NAME=VALUE'));
    else
      here?.options.set((option[1] ?? '').toLowerCase(), (option[2] ?? '').replace(/\s[;#].*$/, '').trim());
  });
  return sections;
}
