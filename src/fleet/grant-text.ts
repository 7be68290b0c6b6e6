import type { Parsed } from './problem.ts';
import { RIGHTS, type Right, ROLES, type Role } from './rights.ts';

/** One role, where it counts, and which of its rights, as people write them. */
export interface WrittenGrant {
  readonly role: Role;
  /** Selector text, not looked at here; left out in writing: `*`, everything. */
  readonly scope: string;
  /** Left out: all of the role's. */
  readonly rights?: readonly Right[];
}

const FORM = 'Write ROLE, ROLE@SELECTOR or ROLE(RIGHT,RIGHT)@SELECTOR.';

/** Reads `viewer`, `operator@env=stage/web:*`, `admin(see-fleet,manage-hosts)` and `operator(act)@#db/*`. */
export function parseGrant(text: string): Parsed<WrittenGrant> {
  const match = /^([a-z]+)(?:\(([a-z, -]*)\))?(?:@(.*))?$/s.exec(text.trim());
  const [, word = '', listed, scope = '*'] = match ?? [];
  if (match === null || scope.trim() === '') return no(`${JSON.stringify(text)} is no grant`, FORM);
  const role = ROLES.find((known) => known === word);
  if (role === undefined) return no(`"${word}" is no role`, `It is one of ${ROLES.join(', ')}.`);
  if (listed === undefined) return { ok: true, value: { role, scope: scope.trim() } };
  const words = listed.split(',').map((right) => right.trim());
  const strange = words.find((right) => !RIGHTS.some((known) => known === right));
  if (strange !== undefined) return no(`"${strange}" is no right`, `It is one of ${RIGHTS.join(', ')}.`);
  return {
    ok: true,
    value: { role, scope: scope.trim(), rights: RIGHTS.filter((right) => words.includes(right)) },
  };
}

function no(says: string, hint: string): Parsed<WrittenGrant> {
  return { ok: false, problems: [{ where: 'grant', says, hint }] };
}

/** `operator on env=stage/web:*`, `admin on *, only see-fleet and manage-hosts`. */
export function grantWords({
  role,
  scope,
  rights,
}: {
  readonly role: Role;
  readonly scope: string;
  readonly rights?: readonly string[] | undefined;
}): string {
  return `${role} on ${scope}${rights === undefined ? '' : `, only ${rights.join(' and ')}`}`;
}
