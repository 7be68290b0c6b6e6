import type { Follow, FollowPart, LogFile } from '../logs/log-file.ts';

/** What a tail reads from: a file's end once, or everything from there on. */
export interface TailSource {
  /** Delivers until told to hold. */
  resume(): void;
  close(): void;
}

const READ_BYTES = 64 * 1024;

/** Hears parts; answers false to hold. */
export type HearPart = (part: FollowPart) => boolean;

/** The bytes from `fromOffset` to the end the file has now, then `ended`. */
export function pieceOf(
  log: LogFile,
  fromOffset: number,
  hear: HearPart,
  ended: (says: string) => void,
): TailSource {
  const endOffset = log.size() ?? 0;
  let offset = fromOffset;
  let closed = false;
  const step = (): boolean => {
    const data = log.read(offset, Math.min(READ_BYTES, endOffset - offset));
    offset += data.length;
    if (data.length > 0) return hear({ kind: 'bytes', data });
    offset = endOffset; // it shrank meanwhile
    return true;
  };
  return {
    resume() {
      while (!closed && offset < endOffset) if (!step()) return;
      if (!closed) ended('');
    },
    close() {
      closed = true;
    },
  };
}

/** Everything written from `fromOffset` on, without end. */
export function followOf(log: LogFile, fromOffset: number, hear: HearPart): TailSource {
  let follow: Follow | null = null;
  let closed = false;
  return {
    resume() {
      if (closed) return;
      if (follow !== null) return follow.resume();
      follow = log.follow(fromOffset, hear);
      if (closed) follow.close(); // the reader went away during the first delivery
    },
    close() {
      closed = true;
      follow?.close();
    },
  };
}
