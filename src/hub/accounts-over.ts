import { Accounts } from '../accounts/accounts.ts';
import { AuditTrail } from '../accounts/audit-trail.ts';
import { Passwords } from '../accounts/passwords.ts';
import { People } from '../accounts/people.ts';
import type { Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import type { Store } from '../store/store.ts';

export interface AccountsRoom {
  readonly accounts: Accounts;
  readonly people: People;
  readonly audit: AuditTrail;
}

/** Also for the verbs that work on the data folder without a running hub. */
export function accountsOver(
  store: Store,
  config: HubConfig,
  clock: Clock,
  passwordCost?: number,
): AccountsRoom {
  const {
    sessionIdleMs: idleMs,
    sessionLongestMs: longestMs,
    vouchedSessionsMs,
    vouchedTokensMs,
    failedSignIns,
  } = config;
  const limits = { idleMs, longestMs, vouchedSessionsMs, vouchedTokensMs, failedSignIns };
  const passwords = new Passwords(passwordCost);
  const accounts = new Accounts(store, passwords, clock, limits);
  const people = new People(store, accounts, passwords, clock);
  return { accounts, people, audit: new AuditTrail(store.audit, clock) };
}
