import { formatNamespec } from '@fleetvisor/agent/protocol';
import type { HostView, ProcessView } from '../../api/contract.ts';
import { describeHost } from '../describe-host.ts';
import { describeProcess } from '../describe-process.ts';
import type { ExitName } from '../exit-status.ts';
import { namesNoProcess } from '../names-nothing.ts';
import { type Paint, paintFor, STATE_TONES } from '../paint.ts';
import { NARROW_OPTIONS, selectorFrom } from '../selector-words.ts';
import { type Cell, table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import type { CliContext, FleetVerb } from '../verb.ts';

/** Every process a selector names, host by host, with what is wrong first said of the hosts themselves. */
export const status: FleetVerb = {
  name: 'status',
  words: '[SELECTOR...]',
  summary: 'show processes and their states, and hosts that do not answer',
  examples: [
    'fleetvisor status',
    'fleetvisor status --troubled --env prod',
    "fleetvisor status 'web*/api:*'",
    'fleetvisor status group web --json',
  ],
  options: [
    ...NARROW_OPTIONS,
    ['--troubled', 'only what somebody has to look at: what makes the exit status 3 or 4'],
  ],
  completes: 'targets',
  async run(words, given, context) {
    const { io, output, clock } = context;
    const isNarrowed = words.length > 0 || given.host !== undefined || given.env !== undefined;
    const selector = isNarrowed ? selectorFrom(words, given) : '*';
    const api = context.hub();
    const [hosts, processes] = await Promise.all([
      api.get<readonly HostView[]>('/hosts'),
      api.get<readonly ProcessView[]>('/processes', { selector }),
    ]);
    const shown = hosts.filter(({ id }) => !isNarrowed || processes.some((process) => process.hostId === id));
    const listed = given.troubled === true ? processes.filter(isTroubled) : processes;
    if (output === 'json') io.json({ hosts: shown, processes: listed });
    else for (const line of statusLines(shown, listed, clock.wallMs(), context)) io.line(line);
    if (output === 'text' && given.troubled === true)
      io.note(`${listed.length} of ${processes.length} processes on ${shown.length} hosts need a look.`);
    if (isNarrowed && processes.length === 0) throw await namesNoProcess(selector, api);
    return exitFor(shown, processes);
  },
};

function statusLines(
  hosts: readonly HostView[],
  processes: readonly ProcessView[],
  nowMs: number,
  { io }: CliContext,
): string[] {
  const paint = paintFor(io);
  const byName = [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = new Map(hosts.map((host) => [host.id, host.name]));
  const away = byName.filter(({ reachability }) => reachability.kind !== 'reachable');
  const rows = [...processes]
    .sort((a, b) => order(names, a, b))
    .map((process) => rowOf(process, names.get(process.hostId) ?? '?', nowMs, paint));
  return [
    ...away.map((host) => paint('away', `${oneLine(host.name)}: ${describeHost(host, nowMs)}`)),
    ...table(rows),
  ];
}

function rowOf(process: ProcessView, host: string, nowMs: number, paint: Paint): Cell[] {
  const target = oneLine(`${host}/${formatNamespec(process.group, process.name)}`);
  const words = describeProcess(process, nowMs);
  const stale = process.fresh ? words : `stale, last seen: ${words}`;
  const tone = process.fresh ? STATE_TONES[process.state] : 'quiet';
  return [
    { text: target },
    { text: process.state, shown: paint(tone, process.state) },
    { text: stale, shown: process.fresh ? stale : paint('quiet', stale) },
  ];
}

function order(names: ReadonlyMap<string, string>, a: ProcessView, b: ProcessView): number {
  const key = (process: ProcessView) => [names.get(process.hostId) ?? '', process.group, process.name];
  const [left, right] = [key(a), key(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
}

function exitFor(hosts: readonly HostView[], processes: readonly ProcessView[]): ExitName {
  if (hosts.some(({ reachability }) => reachability.kind === 'unreachable')) return 'unreachable';
  return processes.some(isTroubled) ? 'troubled' : 'done';
}

function isTroubled({ state, expected }: ProcessView): boolean {
  return (
    state === 'FATAL' ||
    state === 'BACKOFF' ||
    state === 'UNKNOWN' ||
    (state === 'EXITED' && expected === false)
  );
}
