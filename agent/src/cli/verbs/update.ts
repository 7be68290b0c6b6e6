import { FAULT_CODES } from '../../protocol/index.ts';
import { configChanges, list, processRow, resultRow } from '../answers.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import type { Session, Verb } from '../verb.ts';
import { rereadRefusal } from './reread.ts';

type Changes = ReturnType<typeof configChanges>;

/** Rereads, then removes, replaces and adds groups to match. Contract: CTL-069 to CTL-075. */
export const update: Verb = {
  name: 'update',
  usage: [
    'update\t\t\tReload config and add/remove as necessary, and will restart affected programs',
    'update all\t\tReload config and add/remove as necessary, and will restart affected programs',
    'update <gname> [...]\tUpdate specific groups',
  ],
  completes: 'groups',
  async run(args, session) {
    let changes: Changes;
    try {
      changes = configChanges(await session.server.call('reloadConfig'));
    } catch (error) {
      const says = rereadRefusal(error, 'already shutting down');
      session.report.line(`ERROR: ${says}`, { error: says });
      return EXIT.generic;
    }
    return apply(changes, args.includes('all') ? [] : args, session);
  },
};

async function apply(changes: Changes, wanted: readonly string[], session: Session): Promise<ExitStatus> {
  let exit: ExitStatus = await refuseUnknown(changes, wanted, session);
  const picked = (groups: readonly string[]) =>
    groups.filter((group) => wanted.length === 0 || wanted.includes(group));
  for (const group of picked(changes.removed)) {
    if ((await removeGroup(group, session)) !== EXIT.success) exit = EXIT.generic;
  }
  for (const group of picked(changes.changed)) await replaceGroup(group, session);
  for (const group of picked(changes.added)) {
    await session.server.call('addProcessGroup', group);
    tell(group, 'added process group', session);
  }
  return exit;
}

/** Contract: CTL-072. */
async function refuseUnknown(
  { added }: Changes,
  wanted: readonly string[],
  { server, report }: Session,
): Promise<ExitStatus> {
  if (wanted.length === 0) return EXIT.success;
  const rows = list(await server.call('getAllProcessInfo')).map(processRow);
  const known = new Set([...added, ...rows.map(({ group }) => group)]);
  const unknown = [...new Set(wanted)].filter((group) => !known.has(group));
  for (const group of unknown) {
    report.line(`ERROR: no such group: ${group}`, { group, error: 'no such group' });
  }
  return unknown.length > 0 ? EXIT.generic : EXIT.success;
}

async function removeGroup(group: string, session: Session): Promise<ExitStatus> {
  const results = list(await session.server.call('stopProcessGroup', group)).map(resultRow);
  tell(group, 'stopped', session);
  if (results.some(({ status }) => status === FAULT_CODES.FAILED)) {
    tell(group, 'has problems; not removing', session);
    return EXIT.generic;
  }
  await session.server.call('removeProcessGroup', group);
  tell(group, 'removed process group', session);
  return EXIT.success;
}

async function replaceGroup(group: string, session: Session): Promise<void> {
  await session.server.call('stopProcessGroup', group);
  tell(group, 'stopped', session);
  await session.server.call('removeProcessGroup', group);
  await session.server.call('addProcessGroup', group);
  tell(group, 'updated process group', session);
}

function tell(group: string, says: string, { report }: Session): void {
  report.line(`${group}: ${says}`, { group, change: says });
}
