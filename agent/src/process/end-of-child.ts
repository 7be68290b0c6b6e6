import type { ProcessConfig } from '../config/config.ts';
import type { ChildEnd } from '../os/wait-status.ts';
import type { ProcessState } from '../protocol/states.ts';
import { badExit, describeEnd } from './describe-end.ts';
import { isExpected, restartsAfter } from './restart-decision.ts';

/** What a process was when its child ended. */
export interface EndedFrom {
  readonly state: ProcessState;
  readonly stopAsked: boolean;
  readonly upForMs: number;
}

/** What the end of a child means for its process. Contract: PROC-034, PROC-043 to PROC-048, PROC-054. */
export interface EndVerdict {
  readonly trigger: 'stopped' | 'exitedEarly' | 'exited';
  readonly expected: boolean;
  readonly level: 'info' | 'warn';
  readonly says: string;
  /** Null leaves what it was. */
  readonly spawnError: string | null;
  readonly restarts: boolean;
}

export function judgeEnd(config: ProcessConfig, from: EndedFrom, end: ChildEnd): EndVerdict {
  const expected = isExpected(end, config.exitCodes);
  const level = expected ? 'info' : 'warn';
  const how = describeEnd(end);
  if (from.stopAsked)
    return {
      ...{ trigger: 'stopped', expected: false, level, spawnError: null, restarts: false },
      says: `stopped: ${config.name} (${how})`,
    };
  if (from.state === 'STARTING' && from.upForMs < config.startMs)
    return {
      ...{ trigger: 'exitedEarly', expected: false, level: 'warn', restarts: false },
      says: `exited: ${config.name} (${how}; not expected)`,
      spawnError: 'Exited too quickly (process log may have details)',
    };
  return {
    ...{ trigger: 'exited', expected, level, restarts: restartsAfter(end, config) },
    says: `exited: ${config.name} (${how}; ${expected ? 'expected' : 'not expected'})`,
    spawnError: expected ? null : badExit(end),
  };
}
