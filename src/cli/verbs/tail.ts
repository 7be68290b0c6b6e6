import type { TailLine } from '../../api/contract.ts';
import { CliFailure } from '../failure.ts';
import { NARROW_OPTIONS, selectorFrom } from '../selector-words.ts';
import { tailLineText } from '../tail-text.ts';
import { type CliContext, type FleetVerb, type Given, textOption } from '../verb.ts';

const CHANNELS = ['stdout', 'stderr', 'both'];
const DEFAULT_LINES = 20;
const MOST_LINES = 10_000;
/** The hub gives at most this much of a log's past. */
const MOST_BYTES = 1024 * 1024;
const BYTES_PER_LINE = 256;

/** The end of one log or of many merged, and with -f everything that follows. */
export const tail: FleetVerb = {
  name: 'tail',
  words: '[TARGET...]',
  summary: 'show the end of logs, and follow them; a last word stdout, stderr or both picks the channel',
  examples: [
    'fleetvisor tail -f web-01/web:web_00',
    'fleetvisor tail -n 100 web-01/web:web_00 stderr',
    "fleetvisor tail -f 'web*/web:*' both",
    "fleetvisor tail -f 'web*/web:*' --grep 'status=5\\d\\d'",
  ],
  options: [
    ...NARROW_OPTIONS,
    ['-f, --follow', 'go on with what is written from now on (Ctrl-C to end)'],
    [
      '-n, --lines <count>',
      `lines of the past to begin with, at most ${MOST_LINES} (default: ${DEFAULT_LINES})`,
    ],
    ['--since-lines <count>', 'the same as --lines'],
    ['-g, --grep <re>', 'only lines that fit this RE2 expression, picked out at the hub'],
    ['-t, --text <text>', 'only lines that hold this text'],
    ['--raw', 'let escape sequences in logs through to the terminal'],
  ],
  completes: 'targets',
  async run(words, given, context) {
    const last = words.at(-1) ?? '';
    const isChannel =
      CHANNELS.includes(last) && (words.length > 1 || given.host !== undefined || given.env !== undefined);
    const channel = isChannel ? last : 'stdout';
    const targets = isChannel ? words.slice(0, -1) : words;
    const count = countOf(given);
    const regex = textOption(given, 'grep');
    const text = textOption(given, 'text');
    const query = {
      target: selectorFrom(targets, given),
      channel,
      lines: count,
      bytes: Math.min(MOST_BYTES, Math.max(16 * 1024, count * BYTES_PER_LINE)),
      follow: given.follow === true ? '1' : '0',
      ...(regex === undefined ? {} : { regex }),
      ...(text === undefined ? {} : { text }),
    };
    const stop = new AbortController();
    const deaf = context.io.onInterrupt(() => stop.abort());
    const show = shower(given, context, mayBeMany(query.target) || channel === 'both' ? 2 : 1);
    try {
      for await (const line of context.hub().lines<TailLine>('/tail', query, stop.signal)) show(line);
    } finally {
      deaf();
    }
    if (given.follow === true && !stop.signal.aborted)
      throw new CliFailure(
        'hubFailed',
        'the hub ended this tail',
        'The login may be over, or the hub stopped.',
      );
    return 'done';
  },
};

/** Whether a target is more than one name written out. */
function mayBeMany(target: string): boolean {
  return /[*?[#=,\s]/.test(target) || !target.includes('/');
}

function countOf(given: Given): number {
  const text = textOption(given, 'lines') ?? textOption(given, 'sinceLines') ?? String(DEFAULT_LINES);
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= MOST_LINES) return count;
  throw new CliFailure(
    'usage',
    `-n: "${text}" is not a count of lines`,
    `Write a number up to ${MOST_LINES}.`,
  );
}

/** Prefixed from the first line on when several logs are to be expected, else from the second log on. */
function shower(given: Given, { io, output }: CliContext, expected: number): (line: TailLine) => void {
  if (output === 'json') return (line) => io.json(line);
  const text = tailLineText(io, given.raw === true ? 'raw' : 'guarded');
  const sources = new Set<string>();
  return (line) => {
    sources.add(`${line.source} ${line.channel}`);
    io.line(text(line, Math.max(expected, sources.size)));
  };
}
