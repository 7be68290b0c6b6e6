import { z } from 'zod';
import { ROLES } from '../fleet/rights.ts';

export { ROLES };

const grants = z.array(
  z.object({ role: z.enum(ROLES), scope: z.string(), rights: z.array(z.string()).optional() }),
);

/** One role, and where it counts. A person may have several. */
export interface GrantRow {
  readonly role: (typeof ROLES)[number];
  /** Selector text: `*`, `env=stage/web:*`, `#db/*`. */
  readonly scope: string;
  /** Of the role's rights only these; left out: all. */
  readonly rights?: readonly string[] | undefined;
}

/** Text that holds no grants grants nothing. */
export function readGrants(text: string): GrantRow[] {
  try {
    return grants.parse(JSON.parse(text));
  } catch {
    return []; // somebody wrote into the database by hand: deny
  }
}

/** Which of a role's rights are meant, out of a column; text that is no list means none of them. */
export function readRights(text: string | null): Pick<GrantRow, 'rights'> {
  if (text === null) return {};
  try {
    return { rights: z.array(z.string()).parse(JSON.parse(text)) };
  } catch {
    return { rights: [] };
  }
}
