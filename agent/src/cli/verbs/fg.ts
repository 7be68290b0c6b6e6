import { FAULT_CODES } from '../../protocol/index.ts';
import { type ProcessRow, processRow } from '../answers.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { logPath } from '../follow-log.ts';
import { checkServer } from '../server-check.ts';
import { RpcFault } from '../server-faults.ts';
import { refuseWords, type Session, type Verb } from '../verb.ts';

/** Connects the terminal to a running process: its logs here, typed lines to its stdin. Contract: CTL-085 to CTL-087. */
export const fg: Verb = {
  name: 'fg',
  usage: ['fg <process>\tConnect to a process in foreground mode', '\t\tCtrl-C to exit'],
  completes: 'processes',
  async run(args, session) {
    const exit = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    const [name, ...more] = args;
    if (name === undefined) {
      refuseWords(fg, 'ERROR: no process name supplied', session);
      return EXIT.generic;
    }
    if (more.length > 0) return refuse('too many process names supplied', session);
    return connect(name, session);
  },
};

function refuse(says: string, { report }: Session): ExitStatus {
  report.line(`ERROR: ${says}`, { error: says });
  return EXIT.generic;
}

async function connect(name: string, session: Session): Promise<ExitStatus> {
  let row: ProcessRow;
  try {
    row = processRow(await session.server.call('getProcessInfo', name));
  } catch (error) {
    if (!(error instanceof RpcFault)) throw error;
    if (error.faultCode === FAULT_CODES.BAD_NAME) return refuse('bad process name supplied', session);
    session.report.line(`ERROR: ${error.message}`, { error: error.faultString });
    return EXIT.success;
  }
  if (row.stateName !== 'RUNNING') return refuse('process not running', session);
  await hold(name, session);
  session.report.note('Exiting foreground');
  return EXIT.success;
}

/** Streams and types until Ctrl-C, the end of input, or the end of the process. */
async function hold(name: string, session: Session): Promise<void> {
  const { io, report, server } = session;
  const left = new AbortController();
  const interrupted = new Promise<null>((resolve) => {
    const deaf = io.onInterrupt(() => resolve(null));
    left.signal.addEventListener('abort', deaf);
  });
  report.note('==> Press Ctrl-C to exit <==');
  const streams = (['stdout', 'stderr'] as const).map((channel) =>
    server
      .follow(logPath(name, channel), (bytes) => report.bytes(channel, bytes), left.signal)
      .catch(() => {
        // a stream that breaks is seen by the next line typed: the process is asked for then
      }),
  );
  try {
    while ((await typeOneLine(name, session, interrupted)) === 'goes on');
  } finally {
    left.abort();
    await Promise.all(streams);
  }
}

async function typeOneLine(
  name: string,
  { io, server, report }: Session,
  interrupted: Promise<null>,
): Promise<'goes on' | 'over'> {
  const line = await Promise.race([io.ask(''), interrupted]);
  if (line === null) return 'over';
  try {
    await server.call('sendProcessStdin', name, `${line}\n`);
    const row = processRow(await server.call('getProcessInfo', name));
    if (row.stateName === 'RUNNING') return 'goes on';
    report.note('Process got killed');
  } catch (error) {
    if (!(error instanceof RpcFault)) throw error;
    const gone = error.faultCode === FAULT_CODES.NOT_RUNNING;
    report.note(gone ? 'Process got killed' : `ERROR: ${error.message}`);
  }
  return 'over';
}
