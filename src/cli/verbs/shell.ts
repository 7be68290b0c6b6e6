import type { Fleet } from '../../api/contract.ts';
import { completeWords } from '../completion-words.ts';
import type { ExitName } from '../exit-status.ts';
import { namesOf, RememberedNames } from '../known-names.ts';
import { loadHistory, saveHistory } from '../shell-history.ts';
import { splitWords } from '../split-words.ts';
import { oneLine } from '../terminal-text.ts';
import type { CliContext, FleetVerb } from '../verb.ts';

const LEAVE: ReadonlySet<string> = new Set(['quit', 'exit', 'bye']);

/** Command lines, one after the other, without `fleetvisor` before each. `others` are all verbs but this. */
export function shellVerb(others: readonly FleetVerb[]): FleetVerb {
  return {
    name: 'shell',
    words: '',
    summary: 'type commands one after the other, with history and completion of hosts, groups and processes',
    examples: ['fleetvisor shell', 'fleetvisor shell < commands.txt'],
    options: [],
    completes: 'none',
    async run(_words, _given, context) {
      if (!context.io.canAsk) return runLines((await context.io.readAll()).split('\n'), context);
      context.io.line(await greeting(context));
      return converse(others, context);
    },
  };
}

async function greeting({ hub }: CliContext): Promise<string> {
  const api = hub();
  const { hosts, processes } = await api.get<Fleet>('/fleet');
  const away = hosts.filter(({ reachability }) => reachability.kind !== 'reachable').length;
  const counts = new Map<string, number>();
  for (const { state } of processes) counts.set(state, (counts.get(state) ?? 0) + 1);
  const states = [...counts].sort((a, b) => b[1] - a[1]).map(([state, n]) => `${n} ${state}`);
  const fleet = [
    `${hosts.length} hosts${away === 0 ? '' : ` (${away} away)`}`,
    `${processes.length} processes${states.length === 0 ? '' : `: ${states.join(', ')}`}`,
  ];
  return `${oneLine(api.login.hub)} has ${fleet.join(', ')}.\n"help" lists the commands, Tab completes, Ctrl-D leaves.`;
}

async function converse(others: readonly FleetVerb[], context: CliContext): Promise<ExitName> {
  const { io, hub } = context;
  const names = new RememberedNames(namesOf(hub));
  const complete = async (line: string): Promise<[string[], string]> => {
    const words = typedWords(line);
    const last = words.at(-1) ?? '';
    return [(await completeWords(words, others, names)).map((word) => `${word} `), last];
  };
  const history = loadHistory(io.env);
  for (;;) {
    const line = await io.askCommand('fleetvisor> ', { history, complete });
    names.forget();
    if (line === null || LEAVE.has(line.trim())) break;
    if (line.trim() === '') continue;
    if (!line.startsWith(' ') && history.at(-1) !== line) history.push(line);
    await runLine(line, context);
  }
  saveHistory(history, io.env);
  return 'done';
}

/** The words of a line that is being typed; after a blank the last one is empty. */
function typedWords(line: string): string[] {
  const { words } = splitWords(line);
  return /\s$/.test(line) || line === '' ? [...words, ''] : [...words];
}

/** Lines from a file; the status is that of the first that failed, and what follows it is not run. */
async function runLines(lines: readonly string[], context: CliContext): Promise<ExitName> {
  for (const line of lines) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (LEAVE.has(line.trim())) break;
    const exit = await runLine(line, context);
    if (exit !== 'done') return exit;
  }
  return 'done';
}

async function runLine(line: string, { io, runWords }: CliContext): Promise<ExitName> {
  const { words, open } = splitWords(line.replace(/^\s*\?/, 'help '));
  if (open !== null) {
    io.note(`fleetvisor: a quote ${open} is not closed`);
    return 'usage';
  }
  const [first, ...rest] = words[0] === 'fleetvisor' ? words.slice(1) : words;
  if (first === undefined) return 'done';
  return runWords(first === 'help' ? [...rest, '--help'] : [first, ...rest]);
}
