import type { Cancel } from '../clock.ts';
import { bytesText } from '../fleet/bytes-text.ts';
import type { Pace } from './pace.ts';
import type { SearchedLog } from './searched-logs.ts';
import type { LogTailsPorts } from './tail-wish.ts';

export interface PiecesWish {
  /** The last so many bytes of the log. */
  readonly bytes: number;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/** The end of one log, once, piece by piece. */
export interface LogPieces extends AsyncIterable<Buffer> {
  /** What kept it from being all of it; known at its end. */
  troubles(): readonly string[];
}

/** A log that gives nothing for so long is given up. */
const PATIENCE_MS = 15_000;

/** Reads the end of one log as it is now, from its first whole line there. A host that is away or silent ends it with the reason. */
export function readLog(log: SearchedLog, wish: PiecesWish, ports: LogTailsPorts): LogPieces {
  const troubles: string[] = [];
  return {
    troubles: () => troubles,
    [Symbol.asyncIterator]: () => pieces(log, wish, ports, (says) => troubles.push(says)),
  };
}

async function* pieces(
  { hostId, group, process, channel }: SearchedLog,
  { bytes, pace, signal }: PiecesWish,
  { fleet, clock, link: linkTo }: LogTailsPorts,
  trouble: (says: string) => void,
): AsyncGenerator<Buffer> {
  const reachability = fleet.host(hostId)?.reachability;
  if (reachability?.kind === 'unreachable') return trouble(`unreachable: ${reachability.failure.says}`);
  const link = linkTo(hostId);
  if (link === null) return trouble('the hub has no link to this host');
  const tail = link.tail({ group, process, channel, lastBytes: bytes, follow: false });
  const close = (): void => tail.close();
  signal.addEventListener('abort', close);
  let cancel: Cancel = () => {};
  let isAnswered = true;
  const wait = (): void => {
    cancel = clock.after(PATIENCE_MS, () => {
      isAnswered = false;
      tail.close();
    });
  };
  let isFirst = true;
  let lost = 0;
  try {
    wait();
    for await (const part of tail) {
      cancel();
      if (part.kind === 'bytes') {
        const data = isFirst ? wholeLines(part.data, part.endOffset) : part.data;
        isFirst = false;
        yield data;
        await pace.take(data.length);
      } else if (part.kind === 'skipped') lost += part.bytes;
      else if (part.kind === 'away') return trouble('the host went away');
      else if (part.kind === 'end') return part.says === '' ? undefined : trouble(part.says);
      wait();
    }
    if (!isAnswered) trouble(`no answer within ${PATIENCE_MS / 1_000} s`);
    else if (!signal.aborted) trouble('the host went away');
  } finally {
    cancel();
    if (lost > 0) trouble(`${bytesText(lost)} could not be read`);
    signal.removeEventListener('abort', close);
    tail.close();
  }
}

/** Without the half line it may begin with. */
function wholeLines(data: Buffer, endOffset: number | undefined): Buffer {
  if (endOffset === undefined || endOffset === data.length) return data;
  const newline = data.indexOf(10);
  return newline < 0 ? data : data.subarray(newline + 1);
}
