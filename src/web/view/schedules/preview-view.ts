import type { SchedulePreview } from '../../../api/contract.ts';
import { isHostVerb } from '../../../fleet/action.ts';
import { targetText } from '../../../fleet/target.ts';
import { fullTime } from '../format.ts';
import type { Reader } from '../reader.ts';
import { sentence } from '../sentence.ts';
import { whenText } from './schedule-line.ts';

const MOST_NAMED = 8;

/** When a schedule would run, and what it would touch now. */
export function previewView({ nextAtMs, plan, refused }: SchedulePreview, timeZone: string, reader: Reader) {
  const { say } = reader;
  const { targets, leftAlone, hosts, verb } = plan;
  const names = targets.slice(0, MOST_NAMED).map(targetText);
  const n = targets.length;
  return {
    times: nextAtMs.map((atMs) => ({
      text: whenText(atMs, timeZone, reader),
      title: fullTime(atMs, reader),
    })),
    touches: isHostVerb(verb)
      ? say('count.hosts', { n })
      : say('plan.numbers', { n, hosts: say('count.hosts', { n: hosts.length }) }),
    names: n > MOST_NAMED ? [...names, say('schedules.more', { n: n - MOST_NAMED })] : names,
    left: leftAlone.length === 0 ? '' : say('plan.leftAlone', { n: leftAlone.length }),
    nothing: n + leftAlone.length === 0,
    refused: refused === null ? '' : sentence(refused.said, refused.says, reader),
  };
}
