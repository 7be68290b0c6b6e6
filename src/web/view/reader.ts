import type { Role } from '../../api/contract.ts';
import type { Language, Say } from './say.ts';

/** Who looks, when, from where: all that a view needs besides the fleet. */
export interface Reader {
  readonly nowMs: number;
  readonly language: Language;
  readonly say: Say;
  /** IANA name; undefined: the machine's own. */
  readonly zone: string | undefined;
  readonly base: string;
  readonly user: string;
  readonly role: Role;
}

/** May this person act on processes at all? */
export function mayAct(reader: Reader): boolean {
  return reader.role !== 'viewer';
}
