import type { Store } from '../store/store.ts';
import type { UserRow } from '../store/users.ts';
import { type Person, strongest } from './rights.ts';

/** Of the database, what accounts are kept in. */
export type AccountStore = Pick<
  Store,
  'users' | 'sessions' | 'apiTokens' | 'signInFailures' | 'inTransaction' | 'dataVersion' | 'seal'
>;

export function personFrom({ id, name, grants }: UserRow): Person {
  return { userId: id, name, role: strongest(grants), grants };
}
