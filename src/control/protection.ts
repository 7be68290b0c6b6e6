import type { Plan, Verb } from '../fleet/action.ts';
import type { Settings } from '../store/settings.ts';
import type { FleetState } from './fleet-state.ts';

/** Verbs that end or change nothing that runs. */
const HARMLESS: ReadonlySet<Verb> = new Set(['reread', 'clear']);
const SETTING = 'protected_env';

/** Environments in which nothing happens by one click. */
export function protectedEnvironments(settings: Pick<Settings, 'get'>): readonly string[] {
  const value = settings.get(SETTING);
  return Array.isArray(value) ? value.map(String) : [];
}

export function protectEnvironments(settings: Pick<Settings, 'set'>, names: readonly string[]): void {
  settings.set(SETTING, [...new Set(names)].sort());
}

/** What has to be typed before this plan is carried out: the protected environments it touches; null: nothing. */
export function wordToConfirm(
  plan: Plan,
  names: readonly string[],
  fleet: Pick<FleetState, 'host'>,
): string | null {
  if (names.length === 0 || HARMLESS.has(plan.verb)) return null;
  const touched = new Set(plan.targets.map(({ hostId }) => fleet.host(hostId)?.environment ?? null));
  const word = names.filter((name) => touched.has(name)).join(' ');
  return word === '' ? null : word;
}
