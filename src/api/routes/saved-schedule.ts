import { mayI, type Person, RIGHT_OF_VERB } from '../../accounts/rights.ts';
import { type PlanPorts, planAsked, usableAsked } from '../../control/plan-asked.ts';
import { nameTaken } from '../../control/register-host.ts';
import type { AskedAction, Plan } from '../../fleet/action.ts';
import type { Problem } from '../../fleet/problem.ts';
import type { Told } from '../../fleet/said.ts';
import type { Schedule } from '../../fleet/schedule.ts';
import { type CronTimes, cronTimes } from '../../schedules/cron.ts';
import { protectionOfSchedule, refusesSecondPerson } from '../../schedules/plan-run.ts';
import type { Schedules } from '../../store/schedules.ts';
import { ApiProblem } from '../problems.ts';

/** When something would run and what it would touch, with all that is wrong in one answer. */
export interface ReadSchedule {
  readonly action: AskedAction;
  readonly times: CronTimes;
  readonly plan: Plan;
  /** What has to be typed; empty: nothing. */
  readonly typed: readonly string[];
  /** Why it cannot be saved; null: it can. */
  readonly refused: Told | null;
}

export async function readSchedule(
  { cron, timeZone, action }: Pick<Schedule, 'cron' | 'timeZone' | 'action'>,
  person: Person,
  nowMs: number,
  ports: PlanPorts,
): Promise<ReadSchedule> {
  if (!mayI(person, RIGHT_OF_VERB[action.verb])) throw new ApiProblem('not-allowed');
  const times = cronTimes(cron, timeZone);
  const asked = usableAsked(action);
  const plan = asked.ok ? await planAsked(asked.value, person, ports) : asked;
  const problems = [times, plan].flatMap((parsed) => (parsed.ok ? [] : parsed.problems));
  if (times.ok && times.value.after(nowMs) === null)
    problems.push({ where: 'cron', says: `"${cron}" never comes`, hint: 'Give a day that there is.' });
  if (problems.length > 0 || !times.ok || !plan.ok || !asked.ok)
    throw new ApiProblem('unusable', { problems });
  const { typed, secondPerson } = protectionOfSchedule(action, plan.value, ports);
  const refused = secondPerson.length === 0 ? null : refusesSecondPerson(secondPerson);
  return { action: withoutGaps(asked.value), times: times.value, plan: plan.value, typed, refused };
}

/** Throws what keeps it from being saved: the rights of whoever saves it, a protected environment, a name that is taken. */
export function mustBeSavable(
  { plan, typed, refused }: ReadSchedule,
  { id, name }: Pick<Schedule, 'id' | 'name'>,
  confirm: string | undefined,
  schedules: Schedules,
): void {
  const problems: Problem[] = [];
  if (refused !== null) problems.push({ where: 'selector', says: refused.says });
  if (isTaken(name, id, schedules)) problems.push(nameTaken(name));
  if (problems.length > 0) throw new ApiProblem('unusable', { problems });
  const left = plan.leftAlone;
  if (
    plan.targets.length === 0 &&
    left.length > 0 &&
    left.every(({ said }) => said?.key === 'left.notAllowed')
  )
    throw new ApiProblem('not-allowed');
  mustBeTyped(typed, confirm);
}

export function mustBeTyped(typed: readonly string[], confirm: string | undefined): void {
  const word = typed.join(' ');
  if (word === '' || word === confirm) return;
  const says = `a schedule of this takes the word ${word}`;
  const hint = `Type ${word} to go ahead, and send it as "confirm".`;
  throw new ApiProblem('not-confirmed', { problems: [{ where: 'confirm', says, hint }] });
}

export function isTaken(name: string, ownId: string, schedules: Schedules): boolean {
  const isSame = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
  return schedules.all().some(({ schedule }) => schedule.id !== ownId && isSame(schedule.name));
}

function withoutGaps({ verb, selector, only, signal, pace }: AskedAction): AskedAction {
  return {
    verb,
    selector,
    ...(only === undefined ? {} : { only }),
    ...(signal === undefined ? {} : { signal }),
    ...(pace === undefined ? {} : { pace }),
  };
}
