import type { AccountStore, Accounts } from '../accounts/accounts.ts';
import type { AuditTrail } from '../accounts/audit-trail.ts';
import { Federation } from '../accounts/federation.ts';
import { GroupRoles } from '../accounts/group-roles.ts';
import { Oidc } from '../accounts/oidc.ts';
import type { Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import type { SignOn } from '../web/sign-on.ts';
import type { HubLog } from './log.ts';
import { StartProblem } from './start-problem.ts';

export interface IdentityPorts {
  readonly store: AccountStore;
  readonly accounts: Accounts;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly log: HubLog;
}

/** Single sign-on as configured; null: none. Throws `StartProblem` for groups that cannot be read. */
export function signOnFor(
  config: HubConfig,
  { store, accounts, audit, clock, log }: IdentityPorts,
): SignOn | null {
  const { oidc, publicUrl, sessionLongestMs, groupRolesFile } = config;
  if (oidc === null || groupRolesFile === null) return null;
  const roles = groupRoles(groupRolesFile, log);
  return {
    label: oidc.label,
    oidc: new Oidc(oidc, store.seal, clock),
    federation: new Federation(store, accounts, roles, clock),
    accounts,
    audit,
    publicUrl,
    sessionLongestMs,
  };
}

function groupRoles(path: string, log: HubLog): GroupRoles {
  const roles = new GroupRoles(path, (problems) => log.brokenGroupRoles(problems));
  const problems = roles.load();
  if (problems.length > 0)
    throw new StartProblem(
      `--group-roles: ${problems.map(({ where, says }) => `${where}: ${says}`).join('; ')}`,
    );
  return roles;
}
