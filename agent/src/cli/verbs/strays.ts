import { localStamp } from '../../os/local-time.ts';
import { FAULT_CODES, formatNamespec } from '../../protocol/index.ts';
import { list, type StrayRow, strayRow } from '../answers.ts';
import { EXIT } from '../exit-status.ts';
import { checkServer } from '../server-check.ts';
import { whenFault } from '../server-faults.ts';
import { padded } from '../status-lines.ts';
import { refuseWords, type Verb } from '../verb.ts';

/** What processes that ended have left running; a supervisord cannot tell. */
export const strays: Verb = {
  name: 'strays',
  usage: ['strays\t\t\tShow what processes that ended have left running'],
  completes: 'none',
  unlisted: 'beyond',
  async run(args, session) {
    if (args.length > 0) {
      refuseWords(strays, 'Error: strays accepts no arguments', session);
      return EXIT.generic;
    }
    const { server, report } = session;
    const exit = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    try {
      const rows = list(await server.call('fleetvisor.getStrays')).map(strayRow);
      for (const row of rows) report.line(rowText(row), row.raw);
      if (rows.length === 0) report.note('No process has left anything running');
      return EXIT.success;
    } catch (error) {
      whenFault(error, FAULT_CODES.UNKNOWN_METHOD);
      const says = `${server.url} is no fleetvisord, and cannot tell what processes left running`;
      report.line(`ERROR: ${says}`, { error: says });
      return EXIT.notRunningOrUnimplemented;
    }
  },
};

function rowText({ group, name, pid, command, startedAt }: StrayRow): string {
  const since = localStamp(startedAt * 1_000).slice(0, 16);
  return `${padded(formatNamespec(group, name), 33)}pid ${pid}, ${command}, since ${since}`;
}
