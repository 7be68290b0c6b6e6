import type { ProcessState } from '@fleetvisor/agent/protocol';
import type { Reachability } from './host.ts';

/** Of a process its state, of a host its reachability; `not-seen`: nobody knows what it was then. */
export type SpanState = ProcessState | Reachability['kind'] | 'not-seen';

export interface Span {
  readonly state: SpanState;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a process or a host was over a while: spans without a gap from its begin to its end. */
export interface Timeline {
  readonly fromMs: number;
  readonly toMs: number;
  readonly spans: readonly Span[];
}

/** From then on it was so. */
export interface StateMark {
  readonly atMs: number;
  readonly state: SpanState;
}

/** Marks, oldest first, as spans; before the first mark nothing is known. */
export function timelineOf(marks: readonly StateMark[], fromMs: number, toMs: number): Timeline {
  const spans: Span[] = [];
  const add = (state: SpanState, from: number, to: number): void => {
    const [begin, end] = [Math.max(from, fromMs), Math.min(to, toMs)];
    if (end <= begin) return;
    const last = spans.at(-1);
    if (last?.state === state) spans[spans.length - 1] = { ...last, toMs: end };
    else spans.push({ state, fromMs: begin, toMs: end });
  };
  add('not-seen', fromMs, marks[0]?.atMs ?? toMs);
  for (const [nth, { atMs, state }] of marks.entries()) add(state, atMs, marks[nth + 1]?.atMs ?? toMs);
  return { fromMs, toMs, spans };
}

/** While its host was not reachable nobody saw the process. */
export function asSeenFrom(process: Timeline, host: Timeline): Timeline {
  return unseenDuring(
    process,
    host.spans.filter(({ state }) => state === 'unreachable' || state === 'disabled'),
  );
}

/** The same with nothing known of these whiles, which are in order and apart. */
export function unseenDuring(
  seen: Timeline,
  hidden: readonly { readonly fromMs: number; readonly toMs: number }[],
): Timeline {
  const marks = seen.spans.flatMap(({ state, fromMs, toMs }): StateMark[] => {
    const edges: StateMark[] = [{ atMs: fromMs, state }];
    for (const gap of hidden) {
      if (gap.toMs <= fromMs || gap.fromMs >= toMs) continue;
      edges.push({ atMs: Math.max(gap.fromMs, fromMs), state: 'not-seen' });
      if (gap.toMs < toMs) edges.push({ atMs: gap.toMs, state });
    }
    return edges;
  });
  return timelineOf(marks, seen.fromMs, seen.toMs);
}

/** How much of the known time it was in one of these states, from 0 to 1; null when nothing is known. */
export function shareOf({ spans }: Timeline, states: ReadonlySet<SpanState>): number | null {
  let [all, wanted] = [0, 0];
  for (const { state, fromMs, toMs } of spans) {
    if (state === 'not-seen') continue;
    all += toMs - fromMs;
    if (states.has(state)) wanted += toMs - fromMs;
  }
  return all === 0 ? null : wanted / all;
}
