import { forHub } from '../../view/log-pattern.ts';
import type { LogState } from '../../view/log-state.ts';
import type { Kept } from './log-memory.ts';
import type { TailWish } from './log-tail.ts';

const LAST_BYTES = 16_384;
const LAST_BYTES_OF_ONE = 65_536;
/** With a filter on the hub: so many lines of the past that match, of each log. */
const LAST_MATCHES = 500;

/** What the hub is asked for, of a view of one log or of many. */
export function tailWish(state: LogState, of: 'one' | 'many'): TailWish {
  const { targets, off, only, stream, find } = state;
  const regex = only ? forHub({ find, regex: state.regex }) : undefined;
  return {
    target: targets,
    except: off,
    channels: stream === 'both' ? ['stdout', 'stderr'] : [stream],
    lastBytes: of === 'one' ? LAST_BYTES_OF_ONE : LAST_BYTES,
    ...(regex === undefined ? {} : { regex, lines: LAST_MATCHES }),
  };
}

/** Of the lines that came, those the view wants now. Notes are always wanted. */
export function wanted(
  lines: readonly Kept[],
  { only, stream, off }: LogState,
  marks: RegExp | null,
): readonly Kept[] {
  const hides = only && marks !== null;
  if (!hides && stream === 'both' && off.length === 0) return lines;
  const left = new Set(off);
  return lines.filter(
    ({ line, matches }) =>
      (!hides || matches || line.kind === 'note') &&
      (stream === 'both' || line.kind === 'note' || line.channel === stream) &&
      !left.has(line.source),
  );
}
