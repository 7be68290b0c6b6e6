import type { SessionView } from '../../../api/contract.ts';
import { fullTime, roughly } from '../format.ts';
import type { Reader } from '../reader.ts';
import { browserName } from './browser-name.ts';

/** Seen so lately that it is as good as now. */
const NOW_MS = 90_000;

export function sessionLine({ id, agent, address, seenAtMs, createdAtMs, own }: SessionView, reader: Reader) {
  const { say, nowMs } = reader;
  return {
    id,
    own,
    browser: browserName(agent, say),
    agent,
    address: address.replace(/^::ffff:/, ''),
    seen: own ? say('sessions.this') : seenWords(seenAtMs, reader),
    seenTitle: fullTime(seenAtMs, reader),
    since: say('time.ago', { time: roughly(nowMs - createdAtMs, reader) }),
    sinceTitle: fullTime(createdAtMs, reader),
  };
}

/** `now`, `4 min ago`, `never`. */
export function seenWords(seenAtMs: number | null, reader: Reader): string {
  if (seenAtMs === null) return reader.say('time.never');
  const ms = reader.nowMs - seenAtMs;
  return ms < NOW_MS ? reader.say('live.now') : reader.say('time.ago', { time: roughly(ms, reader) });
}
