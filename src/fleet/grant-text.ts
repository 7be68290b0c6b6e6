import type { Parsed } from './problem.ts';

/** One role, where it counts, and which of its rights, as people write them. Whether there is such a role is for others. */
export interface WrittenGrant {
  readonly role: string;
  /** Selector text; left out in writing: `*`, everything. */
  readonly scope: string;
  /** Left out: all of the role's. */
  readonly rights?: readonly string[] | undefined;
}

/** Reads `viewer`, `operator@env=stage/web:*`, `admin(see-fleet,manage-hosts)` and `operator(act)@#db/*`. */
export function parseGrant(text: string): Parsed<WrittenGrant> {
  const match = /^([a-z]+)(?:\(([a-z, -]*)\))?(?:@(.*))?$/s.exec(text.trim());
  const [, role = '', listed, scope = '*'] = match ?? [];
  const rights = listed
    ?.split(',')
    .map((right) => right.trim())
    .filter(Boolean);
  if (match === null || scope.trim() === '' || rights?.length === 0)
    return {
      ok: false,
      problems: [
        {
          where: 'grant',
          says: `${JSON.stringify(text)} is no grant`,
          hint: 'Write ROLE, ROLE@SELECTOR or ROLE(RIGHT,RIGHT)@SELECTOR.',
        },
      ],
    };
  return { ok: true, value: { role, scope: scope.trim(), ...(rights === undefined ? {} : { rights }) } };
}

/** `operator on env=stage/web:*`, `admin on *, only see-fleet and manage-hosts`. */
export function grantWords({ role, scope, rights }: WrittenGrant): string {
  return `${role} on ${scope}${rights === undefined ? '' : `, only ${rights.join(' and ')}`}`;
}
