import type { SearchResult } from '../../api/contract.ts';
import type { ExitName } from '../exit-status.ts';
import { CliFailure } from '../failure.ts';
import { paintFor } from '../paint.ts';
import { NARROW_OPTIONS, selectorFrom } from '../selector-words.ts';
import { type Cell, table } from '../table.ts';
import { tailLineText } from '../tail-text.ts';
import { oneLine } from '../terminal-text.ts';
import { type CliContext, type FleetVerb, type Given, textOption } from '../verb.ts';

type Searched = Extract<SearchResult, { kind: 'searched' }>;
type Match = Extract<SearchResult, { kind: 'match' }>;

/** Looks for lines in the ends of many logs, and counts what it found on each host. */
export const search: FleetVerb = {
  name: 'search',
  words: '<TEXT> [SELECTOR...]',
  summary: 'find lines in the ends of many logs, with counts for each host',
  examples: [
    "fleetvisor search 'connection refused' 'web*/web:*'",
    "fleetvisor search --regex 'status=5\\d\\d' group web --mb 20 -C 2",
    "fleetvisor search timeout '#prod/worker:*' --channel stderr --count",
  ],
  options: [
    ...NARROW_OPTIONS,
    ['--regex', 'TEXT is an RE2 expression; (?i) at its start ignores case'],
    ['--mb <size>', 'MiB to look at from the end of each log (default: 5)'],
    ['--channel <name>', 'stdout, stderr or both (default: both)'],
    ['-C, --context <count>', 'lines to show around each match, at most 20'],
    ['--limit <count>', 'matches to show of each log; all are counted (default: 1000)'],
    ['--count', 'show the counts alone'],
    ['--raw', 'let escape sequences in logs through to the terminal'],
  ],
  completes: 'targets',
  async run([text = '', ...words], given, context) {
    const query = {
      selector: selectorFrom(words, given),
      [given.regex === true ? 'regex' : 'text']: text,
      megabytes: numberOf(given, 'mb', 5),
      channel: textOption(given, 'channel') ?? 'both',
      context: numberOf(given, 'context', 0),
      limit: given.count === true ? 0 : numberOf(given, 'limit', 1_000),
    };
    const stop = new AbortController();
    const deaf = context.io.onInterrupt(() => stop.abort());
    try {
      return await shown(context.hub().lines<SearchResult>('/search', query, stop.signal), given, context);
    } finally {
      deaf();
    }
  },
};

function numberOf(given: Given, name: string, otherwise: number): number {
  const text = textOption(given, name);
  const value = Number(text ?? otherwise);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new CliFailure('usage', `--${name}: "${text}" is not a number`);
}

async function shown(
  results: AsyncIterable<SearchResult>,
  given: Given,
  context: CliContext,
): Promise<ExitName> {
  const { io, output } = context;
  const match = matchText(given, context);
  const logs: Searched[] = [];
  let hasEnded = false;
  for await (const result of results) {
    if (output === 'json') io.json(result);
    else if (result.kind === 'match') io.out(match(result));
    if (result.kind === 'searched') logs.push(result);
    hasEnded ||= result.kind === 'end';
  }
  if (output === 'text') tellCounts(logs, given, context);
  if (!hasEnded) return 'interrupted';
  if (logs.some(({ says }) => says !== '')) return 'unreachable';
  return logs.some(({ matches }) => matches > 0) ? 'done' : 'nothing';
}

function matchText(given: Given, { io }: CliContext): (match: Match) => string {
  const text = tailLineText(io, given.raw === true ? 'raw' : 'guarded');
  return ({ source, channel, before, text: found, after }) => {
    const line = (one: string): string =>
      `${text({ kind: 'line', source, channel, text: one, atMs: 0 }, 2)}\n`;
    const around = before.length + after.length > 0 ? '--\n' : '';
    return [...before, found, ...after].map(line).join('') + around;
  };
}

/** On a terminal they are for reading; in a pipe they would be taken for lines of logs. */
function tellCounts(logs: readonly Searched[], given: Given, { io }: CliContext): void {
  const paint = paintFor(io);
  const hosts = new Map<string, Searched[]>();
  for (const log of logs) {
    const host = log.source.slice(0, log.source.indexOf('/'));
    hosts.set(host, [...(hosts.get(host) ?? []), log]);
  }
  const rows = [...hosts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, mine]): Cell[] => [
      { text: oneLine(host), shown: paint('plain', oneLine(host)) },
      { text: counted(sum(mine, 'matches'), 'match', 'matches') },
      { text: `${counted(mine.length, 'log', 'logs')}, ${mebibytes(sum(mine, 'bytes'))}` },
      { text: trouble(mine, given) },
    ]);
  for (const line of table(rows)) io.note(line);
}

function trouble(logs: readonly Searched[], { count: countsAlone }: Given): string {
  const says = [...new Set(logs.map((log) => log.says).filter((one) => one !== ''))];
  const hidden = logs.reduce((count, { matches, shown: seen }) => count + matches - seen, 0);
  return [...says.map(oneLine), ...(hidden > 0 && countsAlone !== true ? [`${hidden} not shown`] : [])].join(
    '; ',
  );
}

const sum = (logs: readonly Searched[], what: 'matches' | 'bytes'): number =>
  logs.reduce((total, log) => total + log[what], 0);
const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
