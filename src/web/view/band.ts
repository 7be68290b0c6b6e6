import type { Span, SpanState, Timeline } from '../../fleet/timeline.ts';
import { clockOrDay, precisely } from './format.ts';
import { axisOf } from './ranges.ts';
import type { Reader } from './reader.ts';

/**
 * How a state stands in a band: its colour, and its height as in a strip (or hatching), so that either alone is enough.
 * Worst last.
 */
const LOOKS: Readonly<Record<SpanState, readonly [kind: string, height: number]>> = {
  'not-seen': ['not-seen', 20],
  disabled: ['stopped', 3],
  connecting: ['not-seen', 20],
  reachable: ['running', 17],
  RUNNING: ['running', 17],
  STOPPED: ['stopped', 3],
  EXITED: ['exited', 7],
  STARTING: ['starting', 11],
  STOPPING: ['starting', 5],
  UNKNOWN: ['unknown', 20],
  unreachable: ['unreachable', 20],
  BACKOFF: ['backoff', 14],
  FATAL: ['fatal', 20],
};
const HATCHED: ReadonlySet<string> = new Set(['unreachable', 'unknown']);
const WORST = Object.keys(LOOKS);
const HEIGHT = 20;
/** Thinner is not seen. */
const LEAST_PERCENT = 0.25;
const MOST_SPANS = 400;

/** A mark above the band: a crash by its number. */
export interface BandMark {
  readonly n: number;
  readonly atMs: number;
}

/** A time band in percent of its width, so that it is drawn without a script and stretches with the page. */
export function bandOf(timeline: Timeline, marks: readonly BandMark[], reader: Reader): unknown {
  const { fromMs, toMs } = timeline;
  const percent = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * 100;
  return {
    rects: thinned(timeline).map((span) => {
      const [plain, height] = LOOKS[span.state];
      const kind = span.state === 'EXITED' && isCrash(span, marks) ? 'crashed' : plain;
      const width = Math.max(LEAST_PERCENT, percent(span.toMs) - percent(span.fromMs));
      const x = Math.min(percent(span.fromMs), 100 - width);
      return {
        kind,
        hatched: HATCHED.has(kind),
        height,
        y: HEIGHT - height,
        x: x.toFixed(2),
        width: width.toFixed(2),
        title: `${wordOf(span.state, reader)}, ${clockOrDay(span.fromMs, reader)}, ${precisely(span.toMs - span.fromMs, reader)}`,
      };
    }),
    numbers: numbersOf(marks, percent),
    axis: axisOf(fromMs, toMs, reader),
  };
}

const SAME_MS = 2_000;

/** An end that stands among the crashes is no quiet one. */
function isCrash({ fromMs }: Span, marks: readonly BandMark[]): boolean {
  return marks.some(({ atMs }) => Math.abs(atMs - fromMs) <= SAME_MS);
}

export function wordOf(state: SpanState, { say }: Reader): string {
  if (state === 'not-seen') return say('span.notSeen');
  if (state === 'reachable') return say('reach.reachable');
  if (state === 'unreachable') return say('mark.unreachable');
  if (state === 'connecting') return say('reach.connecting');
  return state === 'disabled' ? say('reach.disabled') : state;
}

const APART_ON_PHONES = 6;

/** Numbers that would stand on each other are left out, the newest stays. `wide`: there is no room for it on a phone. */
export function numbersOf(
  marks: readonly BandMark[],
  percent: (ms: number) => number,
  apart = 1.4,
): { n: number; x: string; wide: boolean }[] {
  const shown: { n: number; x: string; wide: boolean }[] = [];
  let last = 200;
  let lastOnPhones = 200;
  for (const { n, atMs } of [...marks].sort((a, b) => b.atMs - a.atMs)) {
    const x = Math.min(99, Math.max(0.8, percent(atMs)));
    if (last - x < apart) continue;
    const wide = lastOnPhones - x < APART_ON_PHONES;
    shown.push({ n, x: x.toFixed(2), wide });
    last = x;
    if (!wide) lastOnPhones = x;
  }
  return shown;
}

/** Of very many spans the worst in each piece of the width. */
function thinned({ spans, fromMs, toMs }: Timeline): readonly Span[] {
  if (spans.length <= MOST_SPANS) return spans;
  const step = (toMs - fromMs) / MOST_SPANS;
  const slots: Span[] = [];
  let at = 0;
  for (let slot = 0; slot < MOST_SPANS; slot++) {
    const [begin, end] = [fromMs + slot * step, fromMs + (slot + 1) * step];
    let worst: SpanState = spans[at]?.state ?? 'not-seen';
    while ((spans[at]?.fromMs ?? end) < end) {
      const state = spans[at]?.state ?? worst;
      if (WORST.indexOf(state) > WORST.indexOf(worst)) worst = state;
      if ((spans[at]?.toMs ?? end) > end) break;
      at++;
    }
    const last = slots.at(-1);
    if (last?.state === worst) slots[slots.length - 1] = { ...last, toMs: end };
    else slots.push({ state: worst, fromMs: begin, toMs: end });
  }
  return slots;
}
