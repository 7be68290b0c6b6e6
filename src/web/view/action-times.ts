import type { Action, ActionTarget } from '../../fleet/action.ts';
import { clockTime, hourMinute } from './format.ts';
import { didFail } from './jobs.ts';
import type { Reader } from './reader.ts';

const WIDTH = 1000;
const LEAST_MS = 2_000;
/** A step this short would not be seen. */
const THINNEST = 4;

/** One stretch of a target's way: `stopping`, `starting`, `running`, `backoff`, `failed`, or `asked` before any of them. */
export interface Stretch {
  readonly kind: string;
  readonly x: number;
  readonly width: number;
}

/** `at`: the same place in percent. */
export interface Tick {
  readonly x: number;
  readonly at: number;
  readonly label: string;
}

/** The time an action takes, on which its targets are drawn. */
export interface Times {
  readonly ticks: readonly Tick[];
  /** Where now is, while it runs. */
  readonly now: number | null;
  stretches(target: ActionTarget): readonly Stretch[];
  /** From the first step of some targets to their last. */
  span(targets: readonly ActionTarget[]): Stretch | null;
}

const KINDS: Readonly<Record<string, string>> = {
  STOPPING: 'stopping',
  STARTING: 'starting',
  RUNNING: 'running',
  BACKOFF: 'backoff',
};

export function timesOf(action: Action, reader: Reader): Times {
  const begin = action.startedAtMs;
  const end = Math.max(begin + LEAST_MS, action.finishedAtMs ?? reader.nowMs);
  // While it runs there is room for what is still to come.
  const last = action.finishedAtMs === null ? begin + (end - begin) * 1.2 : end;
  const x = (ms: number): number =>
    (WIDTH * Math.min(last - begin, Math.max(0, ms - begin))) / (last - begin);
  const between = (kind: string, fromMs: number, toMs: number): Stretch => {
    const from = Math.min(x(fromMs), WIDTH - THINNEST);
    return { kind, x: round(from), width: round(Math.max(THINNEST, x(toMs) - from)) };
  };
  return {
    ticks: ticksOf(begin, last, reader).map(({ ms, label }) => ({
      x: round(x(ms)),
      at: round(x(ms) / 10),
      label,
    })),
    now: action.finishedAtMs === null ? round(x(reader.nowMs)) : null,
    stretches: (target) => stretchesOf(target, end, between),
    span(targets) {
      const steps = targets.flatMap((target) => target.steps ?? []);
      if (steps.length === 0) return null;
      const isOpen = targets.some(({ outcome }) => outcome.kind === 'working');
      const times = steps.map(({ atMs }) => atMs);
      return between('span', Math.min(...times), isOpen ? end : Math.max(...times));
    },
  };
}

const round = (n: number): number => Number(n.toFixed(1));

function stretchesOf(
  { steps = [], outcome }: ActionTarget,
  endMs: number,
  between: (kind: string, fromMs: number, toMs: number) => Stretch,
): Stretch[] {
  const stretches = steps.flatMap(({ state, atMs }, at) => {
    if (state === 'end') return [];
    const kind = KINDS[state] ?? 'asked';
    // What a process was before anything happened to it is not a part of its way.
    const isBefore = state === 'RUNNING' && at === 0;
    return between(isBefore ? 'asked' : kind, atMs, steps[at + 1]?.atMs ?? endMs);
  });
  const ended = steps.find(({ state }) => state === 'end');
  if (ended === undefined) return stretches;
  const kind = didFail(outcome.kind) ? 'failed' : outcome.kind === 'done' ? 'running' : null;
  return kind === null ? stretches : [...stretches, between(kind, ended.atMs, ended.atMs)];
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400];

/** Round times, four to six of them. */
function ticksOf(begin: number, end: number, reader: Reader): { ms: number; label: string }[] {
  const step = (STEPS_S.find((s) => (end - begin) / 1_000 / s <= 5) ?? 86_400) * 1_000;
  const label = step < 60_000 ? clockTime : hourMinute;
  const first = Math.ceil(begin / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((end - first) / step) + 1) }, (_, at) => {
    const ms = first + at * step;
    return { ms, label: label(ms, reader) };
  });
}
