import type { LinkProcess } from './host-link.ts';
import type { CheckedProcess } from './uplink-schemas.ts';

/** Times the agent told, in the hub's time. */
export interface AgentTime {
  readonly skewMs: number;
  /** The agent's wall clock when it told this. */
  readonly wallMs: number;
}

/** A process as an agent told it, as links tell it. */
export function agentProcess(told: CheckedProcess, { skewMs, wallMs }: AgentTime): LinkProcess {
  const { exitCode, exitSignal, retryInMs } = told;
  return {
    group: told.group,
    name: told.name,
    state: told.state,
    sinceMs: told.sinceMs - skewMs,
    pid: told.pid,
    startedAtMs: told.startedAtMs === 0 ? 0 : told.startedAtMs - skewMs,
    stoppedAtMs: told.stoppedAtMs === 0 ? 0 : told.stoppedAtMs - skewMs,
    exitStatus: exitCode ?? (exitSignal === null ? null : -1),
    exitSignal,
    expected: told.state === 'EXITED' ? told.expected : null,
    spawnError: told.spawnError,
    tries: told.tries,
    retryAtMs: retryInMs === null ? null : wallMs - skewMs + retryInMs,
    startMs: told.startMs,
    hasStdout: told.hasStdout,
    hasStderr: told.hasStderr,
  };
}
