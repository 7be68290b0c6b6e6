import type { Right } from '../../accounts/rights.ts';
import type { Role } from '../../api/contract.ts';
import type { Language, Say } from './say.ts';

/** Who looks, when, from where: all that a view needs besides the fleet. */
export interface Reader {
  readonly nowMs: number;
  readonly language: Language;
  readonly say: Say;
  /** IANA name; undefined: the machine's own. */
  readonly zone: string | undefined;
  /** Whether the reader picked that zone instead of the browser's. */
  readonly ownZone: boolean;
  readonly base: string;
  readonly user: string;
  /** For plain forms: the session's token against other sites. */
  readonly csrf: string;
  readonly role: Role;
  /** Problems this browser does not want to see any more, by `muteKey`. */
  readonly muted?: ReadonlySet<string>;
  /** Whether this person has a right anywhere, or over the hub: what to offer. The gate decides. */
  may(right: Right): boolean;
}

/** May this person act on processes at all? */
export function mayAct(reader: Reader): boolean {
  return reader.role !== 'viewer';
}
