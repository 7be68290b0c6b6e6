import { type Allowance, OWN_CONFIG_METHOD } from '../protocol/uplink.ts';

const RANK: Record<Allowance, number> = { observe: 0, control: 1, configure: 2 };

const OBSERVE = [
  'getAPIVersion getVersion getSupervisorVersion getIdentification getState getPID',
  'getProcessInfo getAllProcessInfo getAllConfigInfo readLog readMainLog',
  'readProcessStdoutLog readProcessLog readProcessStderrLog',
  'tailProcessStdoutLog tailProcessLog tailProcessStderrLog',
];
const CONTROL = [
  'startProcess startProcessGroup startAllProcesses stopProcess stopProcessGroup stopAllProcesses',
  'signalProcess signalProcessGroup signalAllProcesses sendProcessStdin sendRemoteCommEvent',
  'clearLog clearProcessLogs clearProcessLog clearAllProcessLogs',
];
const CONFIGURE = ['reloadConfig addProcessGroup removeProcessGroup shutdown restart'];

/** The least allowance each method needs. What is not named here no hub may call: `system.multicall` hides calls. */
const NEEDED: ReadonlyMap<string, Allowance> = new Map([
  ...named(OBSERVE, 'observe'),
  ['fleetvisor.getStrays', 'observe'],
  [OWN_CONFIG_METHOD, 'observe'],
  ...named(CONTROL, 'control'),
  ...named(CONFIGURE, 'configure'),
]);

/** Why the host's own configuration forbids a method, or null when it does not. */
export function veto(method: string, allow: Allowance): string | null {
  const needed = NEEDED.get(method);
  if (needed === undefined) return `no hub may call ${method}`;
  if (RANK[allow] >= RANK[needed]) return null;
  return `${method} needs allow=${needed} in [fleetvisor] on the host; it says allow=${allow}`;
}

function named(lines: readonly string[], allow: Allowance): [string, Allowance][] {
  return lines.flatMap((line) => line.split(' ')).map((name) => [`supervisor.${name}`, allow]);
}
