import { FAULT_CODES } from '../../protocol/index.ts';
import { list, processRow } from '../answers.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { checkServer } from '../server-check.ts';
import { RpcFault } from '../server-faults.ts';
import type { Session, Verb } from '../verb.ts';

/** The daemon's pid, or those of processes; 0 where there is none. Contract: CTL-047 to CTL-050. */
export const pid: Verb = {
  name: 'pid',
  usage: [
    'pid\t\t\tGet the PID of supervisord.',
    'pid <name>\t\tGet the PID of a single child process by name.',
    'pid all\t\t\tGet the PID of every child process, one per line.',
  ],
  completes: 'processes',
  async run(args, session) {
    const { server, report } = session;
    let exit: ExitStatus = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    if (args.length === 0) {
      const daemon = await server.call('getPID');
      report.line(String(daemon), { pid: daemon });
    } else if (args.includes('all')) {
      for (const row of list(await server.call('getAllProcessInfo')).map(processRow)) {
        report.line(String(row.pid), { group: row.group, name: row.name, pid: row.pid });
      }
    } else {
      for (const name of args) exit = await pidOf(name, exit, session);
    }
    return exit;
  },
};

async function pidOf(name: string, before: ExitStatus, { server, report }: Session): Promise<ExitStatus> {
  try {
    const row = processRow(await server.call('getProcessInfo', name));
    report.line(String(row.pid), { group: row.group, name: row.name, pid: row.pid });
    return row.pid === 0 ? EXIT.deadProgram : before;
  } catch (error) {
    if (!(error instanceof RpcFault) || error.faultCode !== FAULT_CODES.BAD_NAME) throw error;
    report.line(`No such process ${name}`, { name, error: 'no such process' });
    return EXIT.generic;
  }
}
