import { bytesWithUnit, capital } from '../format.ts';
import { linkTo } from '../links.ts';
import type { Reader } from '../reader.ts';
import { failureWords } from '../sentence.ts';
import { exitWords, isTooQuick, lastWords } from '../why.ts';
import { type Member, targetOf } from '../world.ts';
import { type CrashPast, causeOf, memoryBefore } from './crash-list.ts';

/** What is wrong in words, and the two usual ways out; null: nothing is. */
export function noticeOf(member: Member, past: CrashPast, reader: Reader): unknown {
  const { mark, process, host } = member;
  const { say } = reader;
  const words = lastWords(member);
  const exit = exitWords(member, reader);
  const target = targetOf(member);
  const read = { link: linkTo.logsOf([target]), linkLabel: say('do.readLog') };
  const start = { does: 'start', label: say('do.startAgain'), target };
  const stop = (label: string): object => ({ does: 'stop', label, target });
  if (mark === 'fatal')
    return {
      mark,
      bold: say('notice.fatal'),
      rest: isTooQuick(process.spawnError) && words !== '' ? words : process.spawnError || words || exit,
      action: start,
      ...read,
    };
  if (mark === 'backoff')
    return {
      mark,
      bold: say('notice.backoff'),
      rest: [exit, isTooQuick(process.spawnError) && words !== '' ? words : process.spawnError || words]
        .filter(Boolean)
        .join(': '),
      action: stop(say('do.stopRetrying')),
      ...read,
    };
  if (mark === 'flapping')
    return {
      mark,
      bold: say('notice.flapping', { n: process.restarts }),
      rest:
        patternOf(past, reader) ||
        (exit === '' ? say('notice.flappingRead') : say('notice.flappingRest', { exit })),
      action: stop(say('do.stopRestarting')),
      ...read,
    };
  if (mark === 'crashed')
    return { mark, bold: say('notice.crashed', { exit }), rest: words, action: start, ...read };
  if (mark === 'stale' && host.reachability.kind === 'unreachable') {
    return {
      mark: 'unreachable',
      bold: say('notice.stale', { host: host.name }),
      rest: capital(say('notice.causeMend', failureWords(host.reachability.failure, reader))),
      action: null,
      link: linkTo.host(host),
      linkLabel: say('do.cause'),
    };
  }
  return null;
}

const LEAST = 3;

/** What the latest crashes have in common: how they ended, and how much memory they had. */
function patternOf({ crashes, usage }: CrashPast, reader: Reader): string {
  const latest = crashes.slice(0, 7);
  const [cause, ...others] = [...new Set(latest.map((crash) => causeOf(crash, reader)))];
  if (latest.length < LEAST || cause === undefined || others.length > 0) return '';
  const memory = latest.flatMap((crash) => memoryBefore(crash, usage) ?? []);
  const isSame =
    memory.length >= LEAST && Math.max(...memory) - Math.min(...memory) < 0.1 * Math.max(...memory);
  return isSame
    ? reader.say('notice.eachAt', { cause, memory: bytesWithUnit(Math.max(...memory)) })
    : reader.say('notice.eachBy', { cause });
}
