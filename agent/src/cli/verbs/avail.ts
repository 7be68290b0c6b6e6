import { FAULT_CODES, formatNamespec } from '../../protocol/index.ts';
import { type ConfigRow, configRow, list } from '../answers.ts';
import { EXIT } from '../exit-status.ts';
import { whenFault } from '../server-faults.ts';
import { refuseWords, type Verb } from '../verb.ts';

/** What the configuration offers. Contract: CTL-063, CTL-076. */
export const avail: Verb = {
  name: 'avail',
  usage: ['avail\t\t\tDisplay all configured processes'],
  completes: 'none',
  async run(args, { server, report, ...session }) {
    if (args.length > 0) {
      refuseWords(avail, 'Error: avail accepts no arguments', { server, report, ...session });
      return EXIT.generic;
    }
    try {
      const rows = list(await server.call('getAllConfigInfo')).map(configRow);
      for (const row of rows) report.line(rowText(row), row.raw);
      return EXIT.success;
    } catch (error) {
      whenFault(error, FAULT_CODES.SHUTDOWN_STATE);
      report.line('ERROR: supervisor shutting down', { error: 'supervisor shutting down' });
      return EXIT.generic;
    }
  },
};

function rowText(row: ConfigRow): string {
  const columns = [
    formatNamespec(row.group, row.name).padEnd(32),
    (row.inUse ? 'in use' : 'avail').padEnd(9),
    (row.autostart ? 'auto' : 'manual').padEnd(9),
    `${row.groupPriority}:${row.processPriority}`,
  ];
  return columns.join(' ');
}
