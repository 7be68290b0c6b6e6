import type { Alert, AlertPage } from '../../api/contract.ts';
import { subjectText } from '../../fleet/alert.ts';
import { spanText, stampText } from '../durations.ts';
import { type Paint, paintFor } from '../paint.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type CliContext, type FleetVerb, textOption } from '../verb.ts';

/** What is wrong now, or was. */
export const alerts: FleetVerb = {
  name: 'alerts',
  words: '[SELECTOR]',
  summary: 'list open alerts, newest first; with --all also those that are over',
  examples: [
    'fleetvisor alerts',
    "fleetvisor alerts 'env=prod/*' --severity critical",
    'fleetvisor alerts --all',
  ],
  options: [
    ['--all', 'also closed ones'],
    ['--severity <severity>', 'only "critical" or only "warning"'],
    ['--limit <count>', 'alerts to show, at most 500 (default: 100)'],
    ['--after <cursor>', 'go on where a list before ended'],
  ],
  completes: 'targets',
  async run([selector], given, { io, output, hub, clock }) {
    const [severity, after] = [textOption(given, 'severity'), textOption(given, 'after')];
    const page = await hub().get<AlertPage>('/alerts', {
      state: given.all === true ? 'all' : 'open',
      limit: textOption(given, 'limit') ?? '100',
      ...(selector === undefined ? {} : { selector }),
      ...(severity === undefined ? {} : { severity }),
      ...(after === undefined ? {} : { after }),
    });
    if (output === 'json') io.json(page);
    else show(page, io, clock.wallMs());
    return 'done';
  },
};

function show({ alerts: list, next }: AlertPage, io: CliContext['io'], nowMs: number): void {
  const paint = paintFor(io);
  for (const line of table(list.map((alert) => rowOf(alert, nowMs, paint)))) io.line(line);
  if (list.length === 0) io.note('No alert.');
  else if (next !== null) io.note(`There are more: --after ${next}`);
}

function rowOf(alert: Alert, nowMs: number, paint: Paint) {
  const { id, severity, closedAtMs, openedAtMs, count, says, lastLine, acknowledged } = alert;
  const state = closedAtMs === null ? severity : 'closed';
  const tone = closedAtMs !== null ? 'quiet' : severity === 'critical' ? 'bad' : 'warning';
  const since =
    closedAtMs === null
      ? `for ${spanText(nowMs - openedAtMs)}`
      : `${stampText(openedAtMs)}, ${spanText(closedAtMs - openedAtMs)}`;
  const by = acknowledged === null ? '' : ` (${acknowledged.by}${noteOf(acknowledged.note)})`;
  const last = lastLine === '' ? '' : ` | ${lastLine}`;
  return [
    { text: String(id) },
    { text: state, shown: paint(tone, state) },
    { text: count === 1 ? since : `${since}, ${count} times` },
    { text: oneLine(subjectText(alert)) },
    { text: oneLine(`${says}${last}${by}`) },
  ];
}

const noteOf = (note: string): string => (note === '' ? '' : `: ${note}`);

/** Nothing of it is told again. */
export const alertsAck: FleetVerb = {
  name: 'alerts ack',
  words: '<ID>',
  summary: 'say that you look after an alert: nothing of it is told again until it closes',
  examples: ['fleetvisor alerts ack 17 --note "disk is being replaced"'],
  options: [['--note <text>', 'what the others should know']],
  completes: 'alerts',
  run: ([id = ''], given, context) =>
    decide(id, 'acknowledge', { note: textOption(given, 'note') ?? '' }, context),
};

export const alertsUnack: FleetVerb = {
  name: 'alerts unack',
  words: '<ID>',
  summary: 'say that nobody looks after an alert any more',
  examples: ['fleetvisor alerts unack 17'],
  options: [],
  completes: 'alerts',
  run: ([id = ''], _given, context) => decide(id, 'unacknowledge', {}, context),
};

async function decide(
  id: string,
  what: 'acknowledge' | 'unacknowledge',
  body: object,
  { io, output, hub }: CliContext,
): Promise<'done'> {
  const alert = await hub().post<Alert>(`/alerts/${encodeURIComponent(id)}/${what}`, body);
  if (output === 'json') io.json(alert);
  else {
    const who = alert.acknowledged === null ? 'nobody looks' : `${oneLine(alert.acknowledged.by)} looks`;
    io.line(`${alert.id}: ${who} after ${oneLine(subjectText(alert))}.`);
  }
  return 'done';
}
