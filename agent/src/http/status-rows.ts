import type { Process, Supervisor } from '../process/supervisor.ts';
import { formatNamespec } from '../protocol/namespec.ts';
import type { ProcessState } from '../protocol/states.ts';
import { compareText } from '../rpc/compare-text.ts';
import { processInfo } from '../rpc/process-info.ts';
import { percentEncode } from './percent.ts';

/** A link of a row; `kind` is its class: what the page's script does with it. */
export interface RowLink {
  readonly name: string;
  readonly href: string;
  readonly kind: string;
}

export interface StatusRow {
  readonly namespec: string;
  readonly state: ProcessState;
  readonly description: string;
  readonly links: readonly RowLink[];
}

type Verb = 'start' | 'stop' | 'restart';
const WHEN_DOWN: readonly Verb[] = ['start'];

/** What can be done to a process in each state. Contract: RPC-163. */
const VERBS: Readonly<Record<ProcessState, readonly Verb[]>> = {
  RUNNING: ['restart', 'stop'],
  STOPPED: WHEN_DOWN,
  EXITED: WHEN_DOWN,
  FATAL: WHEN_DOWN,
  STARTING: [],
  BACKOFF: [],
  STOPPING: [],
  UNKNOWN: [],
};
const NAMES: Readonly<Record<Verb, string>> = { start: 'Start', stop: 'Stop', restart: 'Restart' };

/** The rows of the status page, by group and name. Contract: RPC-163, RPC-164. */
export function statusRows(supervisor: Supervisor, nowMs: number): readonly StatusRow[] {
  return supervisor
    .groups()
    .flatMap((group) => group.processes)
    .toSorted((a, b) => compareText(a.group, b.group) || compareText(a.name, b.name))
    .map((process) => ({
      namespec: formatNamespec(process.group, process.name),
      state: process.state,
      description: processInfo(process, nowMs).description,
      links: linksOf(process),
    }));
}

/** Worst first, as the eye should meet them. */
const WORST_FIRST: readonly ProcessState[] = [
  ...(['FATAL', 'BACKOFF', 'UNKNOWN', 'EXITED', 'STOPPING', 'STARTING', 'STOPPED', 'RUNNING'] as const),
];

/** `1 fatal · 2 stopped · 6 running`: how many are in each state there is, worst first. */
export function summary(rows: readonly StatusRow[]): string {
  const counts = WORST_FIRST.map((state) => ({
    state,
    count: rows.filter((row) => row.state === state).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state.toLowerCase()}`)
    .join(' · ');
}

function linksOf(process: Process): readonly RowLink[] {
  const name = percentEncode(formatNamespec(process.group, process.name));
  const act = (action: string, text: string, more = ''): RowLink => ({
    name: text,
    href: `index.html?processname=${name}&action=${action}`,
    kind: `act${more}`,
  });
  return [
    ...VERBS[process.state].map((verb) => act(verb, NAMES[verb], verb === 'stop' ? ' stop' : '')),
    act('clearlog', 'Clear Log'),
    { name: 'Tail -f Stdout', href: `logtail/${name}`, kind: 'tail' },
    { name: 'Tail -f Stderr', href: `logtail/${name}/stderr`, kind: 'tail' },
  ];
}
