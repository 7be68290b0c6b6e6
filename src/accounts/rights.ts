import type { Verb } from '../fleet/action.ts';
import { RIGHTS, type Right } from '../fleet/rights.ts';
import type { UserRole } from '../store/users.ts';
import { covers, isEverything, liesWithin, type Place } from './scope.ts';

export type Role = UserRole;

export { RIGHTS, type Right };

/** Rights over the hub itself: only a grant on everything gives them. */
const OVER_THE_HUB: ReadonlySet<Right> = new Set([
  'manage-hosts',
  'manage-people',
  'manage-hub',
  'read-audit',
]);

/** One role, where it counts, and which of its rights: left out, all. */
export interface Grant {
  readonly role: Role;
  /** Selector text: `*`, `env=stage/web:*`, `#db/*`. */
  readonly scope: string;
  readonly rights?: readonly string[] | undefined;
}

/** Who asks: a person, however they proved it. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  /** The strongest of the grants: for show. What it allows, and where, only `mayI` says. */
  readonly role: Role;
  readonly grants: readonly Grant[];
  /** What came with a token may at most this. */
  readonly limit?: Grant | null;
}

/** Which rights each role has. */
const OF_ROLE: Readonly<Record<Role, ReadonlySet<Right>>> = {
  viewer: new Set(['see-fleet', 'read-logs', 'manage-own-tokens']),
  operator: new Set(['see-fleet', 'read-logs', 'act', 'send-input', 'manage-own-tokens']),
  admin: new Set(RIGHTS),
};

/** All that a role gives where it counts, before a grant leaves something out. */
export const rightsOfRole = (role: Role): readonly Right[] =>
  RIGHTS.filter((right) => OF_ROLE[role].has(right));

/** The right each verb of a fleet action needs. */
export const RIGHT_OF_VERB: Readonly<Record<Verb, Right>> = {
  start: 'act',
  stop: 'act',
  restart: 'act',
  signal: 'act',
  clear: 'act',
  update: 'act',
  reread: 'act',
  reload: 'restart-supervisors',
  shutdown: 'end-supervisors',
};

/**
 * The one gate: page, API, CLI and socket ask here. Nobody may nothing.
 * With a place: whether there. Without: whether anywhere, or, for a right over the hub itself, at all.
 */
export function mayI(person: Person | null, right: Right, place?: Place): boolean {
  if (person === null) return false;
  const gives = (grant: Grant): boolean => allows(grant, right, place);
  return person.grants.some(gives) && (person.limit == null || gives(person.limit));
}

function allows({ role, scope, rights }: Grant, right: Right, place: Place | undefined): boolean {
  if (!OF_ROLE[role].has(right) || (rights !== undefined && !rights.includes(right))) return false;
  if (OVER_THE_HUB.has(right)) return isEverything(scope);
  return place === undefined || covers(scope, place);
}

/** Whether this right is had on the whole fleet: then nothing needs to be looked at one by one. */
export function mayEverywhere(person: Person, right: Right): boolean {
  const gives = (grant: Grant): boolean => allows(grant, right, undefined) && isEverything(grant.scope);
  return person.grants.some(gives) && (person.limit == null || gives(person.limit));
}

/** Whether somebody has all of this themselves: nobody gives more than they have, nor meddles with who has more. */
export function hasAll(person: Person, grants: readonly Grant[]): boolean {
  return grants.every((grant) =>
    RIGHTS.filter((right) => allows(grant, right, undefined)).every((right) =>
      hasWithin(person, right, grant.scope),
    ),
  );
}

/** Whether somebody surely has a right on all that a selector may ever name. */
export function hasWithin({ grants, limit }: Person, right: Right, scope: string): boolean {
  const isWithin = (some: readonly Grant[]): boolean =>
    liesWithin(
      scope,
      some.filter((grant) => allows(grant, right, undefined)).map((grant) => grant.scope),
    );
  return isWithin(grants) && (limit == null || isWithin([limit]));
}

/** All that somebody may anywhere, or over the hub. */
export const rightsOf = (person: Person): Right[] => RIGHTS.filter((right) => mayI(person, right));

const STRENGTH: readonly Role[] = ['viewer', 'operator', 'admin'];

/** The strongest role among grants. */
export function strongest(grants: readonly Grant[]): Role {
  return STRENGTH[Math.max(0, ...grants.map(({ role }) => STRENGTH.indexOf(role)))] ?? 'viewer';
}
