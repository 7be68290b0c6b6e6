import type { OpenJoinToken } from '../../../api/contract.ts';
import { fullTime, roughly } from '../format.ts';
import type { Reader } from '../reader.ts';

/** A join token that still lets agents in: for which hosts, how many, and for how long. */
export function joinTokenLine(
  { id, usesLeft, environment, tags, by, createdAtMs, expiresAtMs }: OpenJoinToken,
  reader: Reader,
) {
  const { say, nowMs } = reader;
  const made = say('time.ago', { time: roughly(nowMs - createdAtMs, reader) });
  return {
    id,
    by: say('joinTokens.by', { by, time: made }),
    into: [environment ?? '', ...tags.map((tag) => `#${tag}`)].filter(Boolean).join(' ') || '–',
    left: say('count.hosts', { n: usesLeft }),
    expires: say('time.in', { time: roughly(expiresAtMs - nowMs, reader) }),
    expiresTitle: fullTime(expiresAtMs, reader),
  };
}
