import type { UserRole } from '../store/users.ts';

export type Role = UserRole;

/** What a person may be allowed to do; each route, page and socket event names exactly one. */
export type Right = 'see-fleet' | 'read-logs' | 'act' | 'manage-hosts' | 'manage-own-tokens';

/** Who asks: a person, however they proved it. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
}

/** The whole answer to "who may what". */
const RIGHTS: Readonly<Record<Role, ReadonlySet<Right>>> = {
  viewer: new Set(['see-fleet', 'read-logs', 'manage-own-tokens']),
  operator: new Set(['see-fleet', 'read-logs', 'act', 'manage-own-tokens']),
  admin: new Set(['see-fleet', 'read-logs', 'act', 'manage-hosts', 'manage-own-tokens']),
};

/** The one gate: page, API, CLI and socket ask here. Nobody may nothing. */
export function mayI(person: Person | null, right: Right): boolean {
  return person !== null && RIGHTS[person.role].has(right);
}
