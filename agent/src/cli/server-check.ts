import { FAULT_CODES } from '../protocol/index.ts';
import { EXIT, type ExitStatus } from './exit-status.ts';
import { RpcFault, Unconnected } from './server-faults.ts';
import type { Session } from './verb.ts';

const API_VERSION = '3.0';
const NO_NAMESPACE =
  'Sorry, supervisord responded but did not recognize the supervisor namespace commands that ' +
  'supervisorctl uses to control it.  Please check that the [rpcinterface:supervisor] section is ' +
  'enabled in the configuration file (see sample.conf).';

const NOBODY_THERE = 'is the daemon running? -c FILE or -s URL says where it listens';

/** Connection failures that are told by the address alone; every other one is thrown on. */
const UNCONNECTED: Record<string, { readonly says: string; readonly exit: ExitStatus }> = {
  ECONNREFUSED: { says: 'refused connection', exit: EXIT.unknownOrRefused },
  ENOENT: { says: 'no such file', exit: EXIT.deadProgram },
};

/**
 * Asks the server for its API version before a verb begins. Success, or the reason is printed and the
 * status to leave with returned. Faults nobody expects are thrown. Contract: CTL-007 to CTL-010.
 */
export async function checkServer(session: Session): Promise<ExitStatus> {
  try {
    const version = await session.server.call('getVersion');
    if (version === API_VERSION) return EXIT.success;
    return tell(session, wrongVersion(String(version)), EXIT.wrongApiVersion);
  } catch (error) {
    if (error instanceof RpcFault && error.faultCode === FAULT_CODES.UNKNOWN_METHOD) {
      return tell(session, NO_NAMESPACE, EXIT.notRunningOrUnimplemented);
    }
    const known = error instanceof Unconnected ? UNCONNECTED[error.code] : undefined;
    if (known === undefined) throw error;
    const exit = tell(session, `${session.server.url} ${known.says}`, known.exit);
    session.io.hint(NOBODY_THERE);
    return exit;
  }
}

function wrongVersion(version: string): string {
  return `Sorry, this version of supervisorctl expects to talk to a server with API version ${API_VERSION}, but the remote version is ${version}.`;
}

function tell({ report }: Session, says: string, exit: ExitStatus): ExitStatus {
  report.line(says, { error: says });
  return exit;
}
