import { mayI, type Person, RIGHT_OF_VERB } from '../accounts/rights.ts';
import { type PlanPorts, planAsked } from '../control/plan-asked.ts';
import { protectedEnvironments, touchedProtected } from '../control/protection.ts';
import type { AskedAction, Plan, Verb } from '../fleet/action.ts';
import { type Told, told } from '../fleet/said.ts';
import type { StoredSchedule } from '../store/schedules.ts';

/** A plan to be begun, or why there is none. `stops`: nor will there be one next time. */
export type PlannedRun =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'refused' | 'stops'; readonly why: Told };

/** What a schedule does now, in its owner's present rights. Whatever somebody would have to type now was typed when it was saved. */
export async function planRun(
  { schedule, limit }: Pick<StoredSchedule, 'schedule' | 'limit'>,
  owner: Person | null,
  ports: PlanPorts,
): Promise<PlannedRun> {
  const { action, confirmed } = schedule;
  if (owner === null) return { kind: 'stops', why: told('schedule.ownerGone', { owner: schedule.owner }) };
  const person: Person = { ...owner, limit };
  const mayNot = told('right.notAnyMore', { by: owner.name, verb: action.verb });
  if (!mayI(person, RIGHT_OF_VERB[action.verb])) return { kind: 'stops', why: mayNot };
  const planned = await planAsked(action, person, ports);
  if (!planned.ok) {
    const why = planned.problems.map(({ says }) => says).join('; ');
    return { kind: 'refused', why: told('schedule.unreadable', { why }) };
  }
  const { targets, leftAlone, secondPerson } = planned.value;
  if (targets.length === 0 && leftAlone.length === 0)
    return { kind: 'refused', why: told('schedule.nothing') };
  if (targets.length === 0 && leftAlone.every(isBeyondRights)) return { kind: 'refused', why: mayNot };
  if (secondPerson !== undefined) return { kind: 'refused', why: refusesSecondPerson(secondPerson) };
  const { typed } = touchedProtected(
    action.verb,
    targets,
    protectedEnvironments(ports.settings),
    ports.fleet,
  );
  const untyped = typed.filter((environment) => !confirmed.includes(environment));
  if (untyped.length > 0)
    return { kind: 'refused', why: told('schedule.notConfirmed', { environments: untyped.join(', ') }) };
  return { kind: 'planned', plan: planned.value };
}

/** These end a supervisor and all under it. */
const TYPED: ReadonlySet<Verb> = new Set(['reload', 'shutdown']);

/**
 * What saving asks for, and running by hand: the protected environments it names now, also where nothing would be done
 * at this moment, and a verb that ends supervisors; and the environments in which no schedule may do anything.
 */
export function protectionOfSchedule(
  { verb }: Pick<AskedAction, 'verb'>,
  { targets, leftAlone }: Plan,
  { fleet, settings }: Pick<PlanPorts, 'fleet' | 'settings'>,
): { readonly typed: readonly string[]; readonly secondPerson: readonly string[] } {
  const named = [...targets, ...leftAlone.filter((target) => !isBeyondRights(target))];
  const { typed, secondPerson } = touchedProtected(verb, named, protectedEnvironments(settings), fleet);
  return { typed: TYPED.has(verb) ? [...typed, verb] : typed, secondPerson };
}

export const refusesSecondPerson = (environments: readonly string[]): Told =>
  told('schedule.secondPerson', { environments: environments.join(', ') });

const isBeyondRights = ({ said }: Plan['leftAlone'][number]): boolean => said?.key === 'left.notAllowed';
