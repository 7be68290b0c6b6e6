import { Accounts } from '../accounts/accounts.ts';
import { Passwords } from '../accounts/passwords.ts';
import type { Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import type { Store } from '../store/store.ts';

/** Also for the verbs that work on the data folder without a running hub. */
export function accountsOver(store: Store, config: HubConfig, clock: Clock, passwordCost?: number): Accounts {
  const limits = { idleMs: config.sessionIdleMs, longestMs: config.sessionLongestMs };
  return new Accounts(store, new Passwords(passwordCost), clock, limits);
}
