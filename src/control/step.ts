import { FAULT_CODES, type ProcessState, STOPPED_STATES } from '@fleetvisor/agent/protocol';
import type { Outcome, ProcessVerb } from '../fleet/action.ts';
import { endedAs } from '../fleet/outcome.ts';
import type { ProcessView } from '../fleet/process.ts';
import { type Told, told } from '../fleet/said.ts';
import type { LinkError } from '../links/host-link.ts';

/** A verb is one or two steps; each sends at most one call and then watches. */
export type Step = 'start' | 'stop';

/** `signal` and `clear` are one call each, and nothing to watch. */
export const STEPS: Readonly<Record<ProcessVerb, readonly Step[]>> = {
  start: ['start'],
  stop: ['stop'],
  restart: ['stop', 'start'],
  signal: [],
  clear: [],
};

/** The forms that do not wait: a waiting call would hold the whole supervisor. */
export const METHODS: Readonly<Record<Step, string>> = {
  start: 'supervisor.startProcess',
  stop: 'supervisor.stopProcess',
};

/** What to do before anything was sent: send, wait for the state to change, or nothing is left to do. */
export type Before = 'send' | 'wait' | 'reached';

const BEFORE: Readonly<Record<Step, Readonly<Record<ProcessState, Before>>>> = {
  start: {
    STOPPED: 'send',
    EXITED: 'send',
    FATAL: 'send',
    UNKNOWN: 'send',
    STOPPING: 'wait',
    STARTING: 'reached',
    BACKOFF: 'reached',
    RUNNING: 'reached',
  },
  stop: {
    RUNNING: 'send',
    STARTING: 'send',
    BACKOFF: 'send',
    UNKNOWN: 'send',
    STOPPING: 'reached',
    STOPPED: 'reached',
    EXITED: 'reached',
    FATAL: 'reached',
  },
};

export function before(step: Step, state: ProcessState): Before {
  return BEFORE[step][state];
}

/** Where a step stands, by a report from after it was accepted. STARTING, BACKOFF and STOPPING may take their time. */
export type Judgement =
  | { readonly kind: 'reached' }
  | { readonly kind: 'on-the-way' }
  /** The supervisor took the call, and nothing came of it yet. */
  | { readonly kind: 'no-sign' }
  | { readonly kind: 'failed'; readonly why: Told };

const REACHED: Judgement = { kind: 'reached' };
const ON_THE_WAY: Judgement = { kind: 'on-the-way' };
const NO_SIGN: Judgement = { kind: 'no-sign' };

export function judge(step: Step, process: ProcessView): Judgement {
  return step === 'stop' ? judgeStop(process) : judgeStart(process);
}

function judgeStop({ state }: ProcessView): Judgement {
  if (state === 'STOPPING') return ON_THE_WAY;
  return STOPPED_STATES.has(state) ? REACHED : NO_SIGN;
}

function judgeStart(process: ProcessView): Judgement {
  switch (process.state) {
    case 'RUNNING':
      return REACHED;
    case 'STARTING':
    case 'BACKOFF':
    case 'STOPPING':
      return ON_THE_WAY;
    case 'FATAL':
      return { kind: 'failed', why: whyFatal(process) };
    case 'EXITED':
      return endedWell(process) ? REACHED : { kind: 'failed', why: exitOf(process) };
    case 'STOPPED':
      return { kind: 'failed', why: told('process.stoppedMeanwhile') };
    case 'UNKNOWN':
      return NO_SIGN;
    default:
      return process.state satisfies never;
  }
}

const endedWell = (process: ProcessView): boolean => process.expected ?? process.exitStatus === 0;
const whyFatal = ({ spawnError }: ProcessView): Told =>
  spawnError === '' ? told('process.fatalQuick') : told('process.fatal', { spawnError });

function exitOf({ exitSignal, exitStatus }: ProcessView): Told {
  if (exitSignal !== null) return told('process.exitedBy', { signal: exitSignal });
  return exitStatus === null ? told('process.exitedUnknown') : told('process.exited', { status: exitStatus });
}

/**
 * Faults after which the state tells more: that the wish is already true, or that a child ended at once, which a
 * supervisor says instead of the reason when it has seen it by then, and goes on trying.
 */
const STATE_TELLS: Readonly<Record<Step, ReadonlySet<number>>> = {
  start: new Set([FAULT_CODES.ALREADY_STARTED, FAULT_CODES.SPAWN_ERROR]),
  stop: new Set([FAULT_CODES.NOT_RUNNING]),
};
const TRIED_AND_FAILED: ReadonlySet<number> = new Set([
  FAULT_CODES.ABNORMAL_TERMINATION,
  FAULT_CODES.NO_FILE,
  FAULT_CODES.NOT_EXECUTABLE,
]);

/** What a failed call means for its target; null: look at the state. */
export function outcomeOf(step: Step | null, error: LinkError): Outcome | null {
  switch (error.kind) {
    case 'fault':
      if (step !== null && STATE_TELLS[step].has(error.faultCode ?? 0)) return null;
      return endedAs(TRIED_AND_FAILED.has(error.faultCode ?? 0) ? 'failed' : 'refused', error.told);
    case 'vetoed':
      return endedAs('refused', error.told);
    case 'unreachable':
      return endedAs('unreachable', error.told);
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'unknown':
      return null;
    default:
      return error.kind satisfies never;
  }
}
