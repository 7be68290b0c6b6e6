import type { Beat, ProcessView } from '../../fleet/process.ts';

/** 24 beats as one SVG path per kind: 3 px wide, 1 px apart, the height says the kind as well. */
export interface Strip {
  readonly paths: readonly { readonly kind: Beat | 'none'; readonly d: string }[];
  readonly drained: boolean;
}

const HEIGHT = 14;
const HEIGHTS: Record<Beat | 'none', number> = {
  fatal: 14,
  running: 12,
  backoff: 10,
  starting: 8,
  crashed: 5,
  stopped: 2,
  exited: 4,
  none: 3,
};

export function stripOf(beats: readonly (Beat | null)[], drained: boolean): Strip {
  const paths = new Map<Beat | 'none', string>();
  const first = beats.findIndex((beat) => beat !== null);
  beats.forEach((beat, at) => {
    // The hour in which it was first seen holds its start: that is no trouble.
    const kind = at === first && beat === 'starting' ? 'running' : (beat ?? 'none');
    const height = HEIGHTS[kind];
    paths.set(kind, `${paths.get(kind) ?? ''}M${at * 4} ${HEIGHT - height}h3v${height}h-3z`);
  });
  return { paths: [...paths].map(([kind, d]) => ({ kind, d })), drained };
}

const WORST: readonly Beat[] = ['fatal', 'backoff', 'crashed', 'starting', 'running', 'exited', 'stopped'];

/** The worst of many strips, hour by hour. */
export function mergedBeats(processes: readonly Pick<ProcessView, 'beats'>[]): (Beat | null)[] {
  return Array.from({ length: 24 }, (_, hour) => {
    let worst: Beat | null = null;
    for (const { beats } of processes) {
      const beat = beats[hour] ?? null;
      if (beat !== null && (worst === null || WORST.indexOf(beat) < WORST.indexOf(worst))) worst = beat;
    }
    return worst;
  });
}

/** How many hours of the last 24 were not all well: the strip in words. */
export function troubledHours(beats: readonly (Beat | null)[]): number {
  return beats.filter((beat) => beat === 'fatal' || beat === 'backoff' || beat === 'crashed').length;
}
