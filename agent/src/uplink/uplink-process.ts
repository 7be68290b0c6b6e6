import type { ChildExit, ProcessStateEvent } from '../events/event.ts';
import type { Clock } from '../os/clock.ts';
import type { Process } from '../process/supervisor.ts';
import { type ProcessState, SIGNALLABLE_STATES } from '../protocol/states.ts';
import { UPLINK_LIMITS, type UplinkProcess } from '../protocol/uplink.ts';

/** A process as the hub is told of it now. */
export function uplinkProcess(process: Process, clock: Clock): UplinkProcess {
  const { exit, config, retryAtUptimeMs } = process;
  return {
    name: process.name,
    group: process.group,
    state: process.state,
    sinceMs: process.sinceMs,
    pid: process.pid,
    startedAtMs: process.startedAtMs,
    stoppedAtMs: process.stoppedAtMs,
    ...exitOf(process.state, exit),
    expected: exit !== null && exit.code !== null && config.exitCodes.includes(exit.code),
    spawnError: shortText(process.spawnError),
    tries: process.tries,
    retryInMs: retryAtUptimeMs === null ? null : Math.max(0, Math.round(retryAtUptimeMs - clock.uptimeMs())),
    startMs: config.startMs,
    stopWaitMs: config.stopWaitMs,
    hasStdout: process.log('stdout') !== null,
    hasStderr: process.log('stderr') !== null,
  };
}

/** A process as it was at the moment of a change of state. */
export function uplinkProcessAt(event: ProcessStateEvent, process: Process, clock: Clock): UplinkProcess {
  return {
    ...uplinkProcess(process, clock),
    state: event.to,
    sinceMs: event.wallMs,
    pid: SIGNALLABLE_STATES.has(event.to) ? event.pid : 0,
    ...exitOf(event.to, event.exit ?? process.exit),
    expected: event.expected,
    spawnError: shortText(event.spawnError),
    tries: event.tries,
  };
}

/** How the last child ended; while there is a new one that is history. */
function exitOf(state: ProcessState, exit: ChildExit | null): Pick<UplinkProcess, 'exitCode' | 'exitSignal'> {
  if (exit === null || SIGNALLABLE_STATES.has(state)) return { exitCode: null, exitSignal: null };
  return { exitCode: exit.code, exitSignal: exit.signal };
}

function shortText(text: string): string {
  return text.slice(0, UPLINK_LIMITS.textCharacters);
}
