import type { Plan, Verb } from '../fleet/action.ts';
import type { Settings } from '../store/settings.ts';
import type { FleetState } from './fleet-state.ts';

/** Verbs that end or change nothing that runs. */
const HARMLESS: ReadonlySet<Verb> = new Set(['reread', 'clear']);
const SETTING = 'protected_env';
const MINUTES = 'approval_minutes';
const DEFAULT_MINUTES = 15;

/** How an environment is protected: its name has to be typed, or another person has to approve. */
export const PROTECTIONS = ['typed', 'second-person'] as const;
export interface ProtectedEnvironment {
  readonly environment: string;
  readonly asks: (typeof PROTECTIONS)[number];
}

/** Environments in which nothing happens by one click, by name. */
export function protectedEnvironments(settings: Pick<Settings, 'get'>): readonly ProtectedEnvironment[] {
  const value = settings.get(SETTING);
  return Array.isArray(value) ? value.map(protectedEnvironment) : [];
}

/** A name alone, as older versions kept it, has to be typed. */
function protectedEnvironment(kept: unknown): ProtectedEnvironment {
  if (typeof kept !== 'object' || kept === null) return { environment: String(kept), asks: 'typed' };
  const { environment, asks } = Object.assign({ environment: '', asks: '' }, kept);
  return { environment: String(environment), asks: asks === 'second-person' ? asks : 'typed' };
}

/** The last word on an environment counts. */
export function protectEnvironments(
  settings: Pick<Settings, 'set'>,
  wanted: readonly ProtectedEnvironment[],
): void {
  const byName = new Map(wanted.map((one) => [one.environment, one]));
  settings.set(
    SETTING,
    [...byName.values()].sort((a, b) => (a.environment < b.environment ? -1 : 1)),
  );
}

/** How long an action waits for a second person. */
export function approvalMinutes(settings: Pick<Settings, 'get'>): number {
  const value = settings.get(MINUTES);
  return typeof value === 'number' ? value : DEFAULT_MINUTES;
}

export function setApprovalMinutes(settings: Pick<Settings, 'set'>, minutes: number): void {
  settings.set(MINUTES, minutes);
}

/** The protected environments that something over these hosts would touch, by what they ask for. */
export function touchedProtected(
  verb: Verb,
  targets: readonly { readonly hostId: string }[],
  environments: readonly ProtectedEnvironment[],
  fleet: Pick<FleetState, 'host'>,
): { readonly typed: readonly string[]; readonly secondPerson: readonly string[] } {
  if (environments.length === 0 || HARMLESS.has(verb)) return { typed: [], secondPerson: [] };
  const hosts = new Set(targets.map(({ hostId }) => hostId));
  const touched = new Set([...hosts].map((id) => fleet.host(id)?.environment ?? null));
  const asking = (how: ProtectedEnvironment['asks']): string[] =>
    environments.flatMap(({ environment, asks }) =>
      asks === how && touched.has(environment) ? environment : [],
    );
  return { typed: asking('typed'), secondPerson: asking('second-person') };
}

/** A plan with what it takes to carry it out: a word to type, a second person, both or neither. */
export function withProtection(
  plan: Plan,
  environments: readonly ProtectedEnvironment[],
  fleet: Pick<FleetState, 'host'>,
): Plan {
  const { typed, secondPerson } = touchedProtected(plan.verb, plan.targets, environments, fleet);
  return {
    ...plan,
    ...(typed.length === 0 ? {} : { confirm: typed.join(' ') }),
    ...(secondPerson.length === 0 ? {} : { secondPerson }),
  };
}
