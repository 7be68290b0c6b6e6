import type { ScheduleRun, ScheduleView } from '../../../api/contract.ts';
import { dayAndMinute, exactly, fullTime } from '../format.ts';
import { actionTitle } from '../jobs.ts';
import { linkTo } from '../links.ts';
import type { Reader } from '../reader.ts';
import { sentence } from '../sentence.ts';

const MARKS = {
  beginning: 'waiting',
  running: 'starting',
  done: 'done',
  failed: 'fatal',
  skipped: 'dash',
} as const satisfies Record<ScheduleRun['state'], string>;

/** One schedule in words: what it does when, when it does so next, and what became of it last. */
export function scheduleLine(schedule: ScheduleView, reader: Reader) {
  const { id, name, cron, timeZone, action, enabled, stopped, nextAtMs, last, owner, confirmed } = schedule;
  const { say } = reader;
  const what = actionTitle(action.verb, action.selector, reader);
  return {
    id,
    name,
    link: linkTo.schedule(id),
    does: action.pace?.mode === 'rolling' ? say('schedules.rolling', { what }) : what,
    cron,
    timeZone,
    enabled,
    turn: enabled ? 'off' : 'on',
    next: nextAtMs === null ? '' : whenText(nextAtMs, timeZone, reader),
    nextTitle: nextAtMs === null ? '' : fullTime(nextAtMs, reader),
    stopped: stopped === null ? '' : sentence(stopped.said, stopped.says, reader),
    last: last === null ? null : runLine(last, reader),
    owner: say('schedules.as', { owner }),
    confirmed: confirmed.length === 0 ? '' : say('schedules.confirmed', { where: confirmed.join(', ') }),
    missed:
      schedule.missed === 'skip'
        ? say('schedules.missedOf.skip')
        : say('schedules.missedOnce', { time: exactly(schedule.missedMinutes * 60_000, reader) }),
    mayChange: schedule.mayChange,
  };
}

/** A run: when it was due, what became of it and why. */
export function runLine({ id, dueAtMs, cause, state, askedBy, why, actionId }: ScheduleRun, reader: Reader) {
  const { say } = reader;
  return {
    id,
    mark: MARKS[state],
    state: say(`schedules.stateOf.${state}`),
    failed: state === 'failed',
    when: dayAndMinute(dueAtMs, reader),
    title: fullTime(dueAtMs, reader),
    cause:
      cause === 'hand'
        ? say('schedules.byHand', { by: askedBy ?? '' })
        : cause === 'late'
          ? say('schedules.late')
          : '',
    why: why === null ? '' : sentence(why.said, why.says, reader),
    link: actionId === null ? null : linkTo.action(actionId),
  };
}

/** `Fri 27 Nov, 03:00`, and by the clocks of its own zone where those are others. */
export function whenText(atMs: number, timeZone: string, reader: Reader): string {
  const here = dayAndMinute(atMs, reader);
  const there = dayAndMinute(atMs, { language: reader.language, zone: timeZone });
  return here === there ? here : reader.say('schedules.inZone', { here, there, zone: timeZone });
}
