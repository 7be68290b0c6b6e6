import { lastErrnoName, libc } from './libc.ts';
import { SystemRefusal } from './pipe.ts';

/** Takes the groups of a user, `gid` among them, in place of our own. Throws SystemRefusal. */
export function becomeMemberOfAllGroups(user: string, gid: number): void {
  if (libc.initgroups(user, gid) !== 0) throw new SystemRefusal('initgroups', lastErrnoName());
}
