import type { TailLine } from '../api/contract.ts';
import { withoutControls } from '../fleet/terminal-codes.ts';
import { clockTime } from './view/format.ts';
import { linkTo } from './view/links.ts';
import { problemIn } from './view/problem-words.ts';
import type { Reader } from './view/reader.ts';
import { sentence } from './view/sentence.ts';
import type { ApiAnswer, ApiCall } from './web-ports.ts';

const LINES = 200;
const BYTES = 256 * 1024;

/** Last lines as a browser without a script reads them. */
export interface PlainLogs {
  /** Where they are shown: asking hosts is not part of every page. */
  readonly link: string;
  readonly lines: readonly { readonly time: string; readonly source: string; readonly text: string }[] | null;
  readonly problem: string;
}

/** What stands in for a log view without its script; null for pages without one. */
export async function plainLogs(
  path: string,
  params: URLSearchParams,
  api: (call: ApiCall) => Promise<ApiAnswer>,
  reader: Reader,
): Promise<PlainLogs | null> {
  const targets = targetsOf(path, params);
  if (targets.length === 0) return null;
  const link = `${linkTo.logsOf(targets)}&plain=yes`;
  if (path !== '/logs' || !params.has('plain')) return { link, lines: null, problem: '' };
  const query = new URLSearchParams({ channel: 'both', lines: String(LINES), bytes: String(BYTES) });
  for (const target of targets) query.append('target', target);
  const answer = await api({ method: 'GET', path: `/tail?${query}` });
  if (answer.status >= 400)
    return { link, lines: null, problem: problemIn(answer.body, reader.language).title };
  const lines: readonly TailLine[] = answer.body;
  return {
    link,
    problem: '',
    lines: lines.map((line) => ({
      time: clockTime(line.atMs, reader),
      source: targets.length === 1 && /^[^*?#=]+$/.test(targets[0] ?? '') ? '' : line.source,
      text: line.kind === 'line' ? withoutControls(line.text) : sentence(line.said, line.says, reader),
    })),
  };
}

function targetsOf(path: string, params: URLSearchParams): string[] {
  if (path === '/logs') return params.getAll('target').filter(Boolean);
  const [, host, name] = /^\/processes\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (host === undefined || name === undefined) return [];
  try {
    return [`${decodeURIComponent(host)}/${decodeURIComponent(name)}`];
  } catch {
    return []; // names nothing, and its page says so
  }
}
