import type { TailLine } from '../api/contract.ts';
import type { Cancel, Clock } from '../clock.ts';

/** The past of a log comes at once; what comes after a pause this long is new. */
const PAST_IS_OVER_MS = 250;

interface Showing {
  readonly clock: Clock;
  readonly stop: AbortController;
  /** `sources`: how many logs were heard of so far. */
  show(line: TailLine, sources: number): void;
}

/**
 * Shows of each log its last `count` lines of the past, then all that follows. The hub sends the past by bytes:
 * it is held until it pauses or ends, so that the number of lines is right and none is lost or shown twice.
 */
export async function lastLines(
  lines: AsyncIterable<TailLine>,
  count: number,
  showing: Showing,
): Promise<void> {
  const sources = new Set<string>();
  let held: TailLine[] | null = [];
  let calm: Cancel = () => {};
  const release = (): void => {
    const past = held ?? [];
    held = null;
    for (const line of lastPerSource(past, count)) showing.show(line, sources.size);
  };
  for await (const line of lines) {
    sources.add(sourceOf(line));
    if (held === null) {
      showing.show(line, sources.size);
      continue;
    }
    held.push(line);
    calm();
    calm = showing.clock.after(PAST_IS_OVER_MS, release);
  }
  calm();
  if (held !== null) release();
}

function lastPerSource(lines: readonly TailLine[], count: number): TailLine[] {
  const left = new Map<string, number>();
  const kept: TailLine[] = [];
  for (const line of lines.toReversed()) {
    const room = left.get(sourceOf(line)) ?? count;
    if (line.kind === 'line' && room === 0) continue;
    if (line.kind === 'line') left.set(sourceOf(line), room - 1);
    kept.push(line);
  }
  return kept.reverse();
}

function sourceOf({ source, channel }: TailLine): string {
  return `${source} ${channel}`;
}
