import type { Problem } from '../fleet/problem.ts';
import { parseSelector } from '../fleet/selector.ts';
import { type Grant, RIGHTS } from './rights.ts';

/** Why these cannot be granted, or null. */
export function grantProblem(grants: readonly Grant[]): Problem | null {
  for (const [at, { scope, rights }] of grants.entries()) {
    const parsed = parseSelector(scope);
    if (!parsed.ok) return { ...parsed.problems[0], where: `grants.${at}.scope` };
    const strange = rights?.find((right) => !RIGHTS.some((known) => known === right));
    if (strange !== undefined)
      return {
        where: `grants.${at}.rights`,
        says: `"${strange}" is no right`,
        hint: `It is one of ${RIGHTS.join(', ')}.`,
      };
  }
  return null;
}
