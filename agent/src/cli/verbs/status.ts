import { parseNamespec, processStateOf, STOPPED_STATES } from '../../protocol/index.ts';
import { list, type ProcessRow, processRow } from '../answers.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { checkServer } from '../server-check.ts';
import { type Picked, statusLines } from '../status-lines.ts';
import type { Session, Verb } from '../verb.ts';
import { watchStatus } from '../watch-status.ts';

/** One line per process; `--watch` keeps it current until Ctrl-C. Contract: CTL-019 to CTL-025. */
export const status: Verb = {
  name: 'status',
  usage: [
    'status <name>\t\tGet status for a single process',
    'status <gname>:*\tGet status for all processes in a group',
    'status <name> <name>\tGet status for multiple named processes',
    'status\t\t\tGet all process status info',
    'status --watch [...]\tKeep showing it as it changes (Ctrl-C to exit)',
  ],
  completes: 'processes',
  flags: ['watch'],
  run: (args, session) =>
    session.flags.has('watch')
      ? watchStatus(session, async () => pick(args, await fetchRows(session)))
      : showOnce(args, session),
};

async function showOnce(args: readonly string[], session: Session): Promise<ExitStatus> {
  if ((await checkServer(session)) !== EXIT.success) return EXIT.unknownOrRefused;
  const { rows, unknown } = pick(args, await fetchRows(session));
  for (const { says, name } of unknown)
    session.report.line(`${name}: ERROR (${says})`, { name, error: says });
  for (const [index, line] of statusLines(rows).entries()) session.report.line(line, rows[index]?.raw);
  return exitOf(rows, unknown.length > 0 ? EXIT.unknownOrRefused : EXIT.success);
}

async function fetchRows({ server }: Session): Promise<readonly ProcessRow[]> {
  return list(await server.call('getAllProcessInfo')).map(processRow);
}

function pick(names: readonly string[], all: readonly ProcessRow[]): Picked {
  if (names.length === 0 || names.includes('all')) return { rows: all, unknown: [] };
  const rows: ProcessRow[] = [];
  const unknown: { name: string; says: string }[] = [];
  for (const name of names) {
    const { group, process } = parseNamespec(name);
    const named = all.filter((row) => row.group === group && (process === null || row.name === process));
    rows.push(...named);
    if (named.length > 0) continue;
    unknown.push(
      process === null ? { name: group, says: 'no such group' } : { name, says: 'no such process' },
    );
  }
  return { rows, unknown };
}

/** Contract: CTL-025. */
function exitOf(rows: readonly ProcessRow[], otherwise: ExitStatus): ExitStatus {
  const down = rows.some(({ state }) => STOPPED_STATES.has(processStateOf(state)));
  return down ? EXIT.notRunningOrUnimplemented : otherwise;
}
