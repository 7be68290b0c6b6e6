import type { ProcessState } from '@fleetvisor/agent/protocol';
import { isCrash } from '../control/beats.ts';
import type { AlertCause, Condition, Trouble } from '../fleet/alert.ts';
import type { Reachability } from '../fleet/host.ts';
import type { ProcessView } from '../fleet/process.ts';
import { type Told, told } from '../fleet/said.ts';

/** What a condition finds of a host or a process now. */
export type Verdict =
  | { readonly kind: 'well' }
  /** It tells neither: what was found before still holds. */
  | { readonly kind: 'open question' }
  | {
      readonly kind: 'bad';
      readonly cause: AlertCause;
      /** Milliseconds until it is well without anything happening. */
      readonly endsInMs?: number;
    };

/** Of a process what conditions look at. */
export type SeenProcess = Pick<
  ProcessView,
  'state' | 'exitStatus' | 'exitSignal' | 'expected' | 'spawnError' | 'crash'
>;

const WELL: Verdict = { kind: 'well' };
const OPEN: Verdict = { kind: 'open question' };
/** As much of what a process wrote as a message needs. */
const LONGEST_TEXT = 300;

export function hostVerdict(reachability: Reachability): Verdict {
  if (reachability.kind === 'reachable') return WELL;
  if (reachability.kind !== 'unreachable') return OPEN;
  const { says, said } = reachability.failure;
  return bad(told('alert.unreachable', { why: said ?? says }), '');
}

export function stateVerdict(
  { states }: Extract<Condition, { kind: 'process-state' }>,
  process: SeenProcess,
  nowMs: number,
): Verdict {
  const trouble = troubleOf(process);
  if (trouble !== null && states.includes(trouble))
    return bad(CAUSES[trouble](process), lastLine(process, nowMs));
  return UNDECIDED.has(process.state) ? OPEN : WELL;
}

export function flappingVerdict(
  { restarts, withinSeconds }: Extract<Condition, { kind: 'flapping' }>,
  process: SeenProcess,
  restartsAtMs: readonly number[],
  nowMs: number,
): Verdict {
  if (restartsAtMs.length < restarts) return WELL;
  const withinMs = withinSeconds * 1_000;
  const within = restartsAtMs.filter((atMs) => nowMs - atMs < withinMs);
  const deciding = within.at(-restarts);
  if (deciding === undefined) return WELL;
  const cause = told('alert.flapping', { n: within.length, withinMs });
  return { ...bad(cause, lastLine(process, nowMs)), endsInMs: deciding + withinMs - nowMs };
}

export function memoryVerdict(
  { bytes }: Extract<Condition, { kind: 'memory-over' }>,
  { state, memoryBytes }: Pick<ProcessView, 'state' | 'memoryBytes'>,
): Verdict {
  if (memoryBytes === null) return state === 'RUNNING' ? OPEN : WELL;
  if (memoryBytes <= bytes) return WELL;
  return bad(told('alert.memory', { nowBytes: memoryBytes, mostBytes: bytes }), '');
}

/** Words of an earlier crash say nothing of this one. */
const CRASH_COUNTS_MS = 10 * 60_000;

function lastLine({ crash }: SeenProcess, nowMs: number): string {
  return crash !== null && nowMs - crash.atMs < CRASH_COUNTS_MS ? (crash.lines.at(-1) ?? '') : '';
}

/** On the way from one to another, or not to be told. */
const UNDECIDED: ReadonlySet<ProcessState> = new Set(['STARTING', 'STOPPING', 'BACKOFF', 'UNKNOWN']);

function troubleOf(process: SeenProcess): Trouble | null {
  if (process.state === 'FATAL' || process.state === 'BACKOFF') return process.state;
  return process.state === 'EXITED' && isCrash(process) ? 'exited-unexpectedly' : null;
}

const CAUSES: Readonly<Record<Trouble, (process: SeenProcess) => Told>> = {
  FATAL: ({ spawnError }) =>
    spawnError === '' ? told('alert.fatal') : told('alert.fatalWhy', { why: short(spawnError) }),
  BACKOFF: ({ spawnError }) =>
    spawnError === '' ? told('alert.backoff') : told('alert.backoffWhy', { why: short(spawnError) }),
  'exited-unexpectedly': ({ exitSignal, exitStatus }) => {
    if (exitSignal !== null) return told('alert.signalled', { signal: exitSignal });
    return exitStatus === null ? told('alert.exitedUnknown') : told('alert.exited', { status: exitStatus });
  },
};

function bad({ says, said }: Told, line: string): Extract<Verdict, { kind: 'bad' }> {
  const cause = { says, ...(said === undefined ? {} : { said }), lastLine: short(line) };
  return { kind: 'bad', cause };
}

const short = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
