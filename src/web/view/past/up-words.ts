import { type SpanState, shareOf, type Timeline } from '../../../fleet/timeline.ts';
import { listed, percent } from '../format.ts';
import type { Reader } from '../reader.ts';

const UP: ReadonlySet<SpanState> = new Set(['RUNNING']);
const REACHED: ReadonlySet<SpanState> = new Set(['reachable']);

/** `7 crashes, 99.1% up` */
export function upWords(timeline: Timeline, crashes: number, reader: Reader): string {
  const { say } = reader;
  const share = shareOf(timeline, UP);
  const up = share === null ? '' : say('band.up', { percent: percent(share * 100) });
  const crashed = crashes === 0 ? say('band.crashNone') : say('band.crashOne', { n: crashes });
  return listed([crashed, up], reader);
}

/** `96.9%, 2 gaps` */
export function reachedWords(timeline: Timeline, reader: Reader): string {
  const { say } = reader;
  const share = shareOf(timeline, REACHED);
  if (share === null) return say('band.unknown');
  const gaps = gapsIn(timeline);
  const parts = [
    say('band.reached', { percent: percent(share * 100) }),
    gaps === 0 ? say('band.noGaps') : say('band.gaps', { n: gaps }),
  ];
  return listed(parts, reader);
}

/** Whiles without an answer; what the hub itself missed between two of them makes them no more. */
function gapsIn({ spans }: Timeline): number {
  let gaps = 0;
  let isGap = false;
  for (const { state } of spans) {
    if (state === 'reachable') isGap = false;
    if (state !== 'unreachable' || isGap) continue;
    isGap = true;
    gaps++;
  }
  return gaps;
}
