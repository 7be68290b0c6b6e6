import { mayEverywhere, mayI, type Person, RIGHT_OF_VERB } from '../accounts/rights.ts';
import type { Place } from '../accounts/scope.ts';
import type { Clock } from '../clock.ts';
import { type AskedAction, isHostVerb, type Plan } from '../fleet/action.ts';
import { parseHostSelector } from '../fleet/host-selector.ts';
import type { Parsed, Problem } from '../fleet/problem.ts';
import { parseSelector } from '../fleet/selector.ts';
import { parseSignal } from '../fleet/signal.ts';
import type { Settings } from '../store/settings.ts';
import type { ActionRunner } from './action-runner.ts';
import type { FleetState } from './fleet-state.ts';
import { inSlices } from './in-slices.ts';
import { planning } from './plan.ts';
import { protectedEnvironments, withProtection } from './protection.ts';
import { seenByHost } from './seen-fleet.ts';

export interface PlanPorts {
  readonly fleet: FleetState;
  readonly actions: Pick<ActionRunner, 'isBusy'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly clock: Clock;
}

/** With the name of its signal as it is kept: without SIG. */
export function usableAsked<T extends AskedAction>(asked: T): Parsed<T> {
  const { verb, signal } = asked;
  if (verb === 'signal') {
    const parsed = parseSignal(signal ?? '');
    return parsed.ok ? { ok: true, value: { ...asked, signal: parsed.value } } : parsed;
  }
  if (signal === undefined) return { ok: true, value: asked };
  return { ok: false, problems: [{ where: 'signal', says: `${verb} sends no signal of its own` }] };
}

/** What it would touch of what this person may, and what that takes; others have the hub in between. */
export async function planAsked(
  { verb, selector, only, signal, pace }: AskedAction,
  person: Person,
  { fleet, actions, settings, clock }: PlanPorts,
): Promise<Parsed<Plan>> {
  const parsed = isHostVerb(verb) ? parseHostSelector(selector) : parseSelector(selector);
  if (!parsed.ok) return parsed;
  const right = RIGHT_OF_VERB[verb];
  const mayAll = mayEverywhere(person, right);
  const now = {
    hosts: seenByHost(person, fleet),
    isBusy: (key: string) => actions.isBusy(key),
    may: (place: Place) => mayAll || mayI(person, right, place),
  };
  const { plan, unknown } = await inSlices(
    planning({ verb, selector: parsed.value, only, signal, pace }, now),
    clock,
  );
  const [first, ...more] = unknown.map((name): Problem => ({ where: 'only', says: `${name} is not known` }));
  if (first !== undefined) return { ok: false, problems: [first, ...more] };
  return { ok: true, value: withProtection(plan, protectedEnvironments(settings), fleet) };
}
