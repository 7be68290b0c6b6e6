import { readFileSync } from 'node:fs';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { AuditTrail } from '../accounts/audit-trail.ts';
import { Directory } from '../accounts/directory.ts';
import { directoryDoor } from '../accounts/directory-door.ts';
import { Federation } from '../accounts/federation.ts';
import { GroupRoles } from '../accounts/group-roles.ts';
import { Oidc } from '../accounts/oidc.ts';
import { RereadGroups } from '../accounts/reread-groups.ts';
import type { Clock } from '../clock.ts';
import type { DirectoryConfig, HubConfig } from '../config.ts';
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

export interface Doors {
  /** Single sign-on; null: none. */
  readonly signOn: SignOn | null;
  /** What people may by their groups, looked at again and again; null: nobody comes by groups. */
  readonly groups: RereadGroups | null;
}

/**
 * Opens the doors besides passwords kept here, as configured; what they need goes along. Throws
 * `StartProblem` for a file that cannot be read.
 */
export function openDoors(config: HubConfig, ports: IdentityPorts): Doors {
  const { oidc, ldap, publicUrl, sessionLongestMs, groupRolesFile } = config;
  if (groupRolesFile === null) return { signOn: null, groups: null };
  const { store, accounts, audit, clock, log } = ports;
  const federation = new Federation(store, accounts, groupRoles(groupRolesFile, log), clock);
  const directory = ldap === null ? null : directoryFor(ldap, clock);
  if (directory !== null) accounts.askDirectory(directoryDoor(directory, federation));
  const groups = new RereadGroups({
    store,
    federation,
    directory: directory?.canReadAgain() ? directory : null,
    audit,
    clock,
    failing: (says) => log.groupsNotRead(says),
    bug: (error) => log.bug(error),
  });
  if (oidc === null) return { signOn: null, groups };
  accounts.doors.add('oidc');
  const { label, ...options } = oidc;
  const door = new Oidc(options, store.seal, clock);
  const signOn = {
    label,
    oidc: door,
    federation,
    accounts,
    audit,
    publicUrl,
    sessionLongestMs,
    triesAMinute: config.rates.signIns,
  };
  return { signOn, groups };
}

function directoryFor({ authorityFile, ...options }: DirectoryConfig, clock: Clock): Directory {
  try {
    const authority = authorityFile === null ? null : readFileSync(authorityFile, 'utf8');
    return new Directory({ ...options, authority }, clock);
  } catch (error) {
    throw new StartProblem(`--ldap-ca-file: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
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
