import type { TokenView } from '../../../api/contract.ts';
import { fullTime, roughly } from '../format.ts';
import type { Reader } from '../reader.ts';
import { grantsInWords } from './grant-words.ts';
import { seenWords } from './sessions.ts';

export function tokenLine(
  { id, user, label, limit, usedAtMs, expiresAtMs, createdAtMs }: TokenView,
  reader: Reader,
) {
  const { say, nowMs } = reader;
  const leftMs = expiresAtMs === null ? null : expiresAtMs - nowMs;
  return {
    id,
    user,
    label,
    may: limit === null ? say('tokens.all') : say('tokens.atMost', { grant: grantsInWords([limit], reader) }),
    scope: limit?.scope ?? '*',
    used: seenWords(usedAtMs, reader),
    usedTitle: usedAtMs === null ? '' : fullTime(usedAtMs, reader),
    expires:
      leftMs === null
        ? say('time.never')
        : leftMs <= 0
          ? say('tokens.expired')
          : say('time.in', { time: roughly(leftMs, reader) }),
    expired: leftMs !== null && leftMs <= 0,
    expiresTitle: expiresAtMs === null ? '' : fullTime(expiresAtMs, reader),
    made: say('time.ago', { time: roughly(nowMs - createdAtMs, reader) }),
    madeTitle: fullTime(createdAtMs, reader),
  };
}
