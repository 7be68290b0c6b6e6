import type { UserIds } from '../config/config.ts';
import { becomeMemberOfAllGroups } from '../os/groups.ts';
import { UsageError } from './usage-error.ts';

/**
 * Becomes the configured user for good: groups, then gid, then uid, then a look that it is so.
 * Throws UsageError. Contract: CFG-145, PROC-085.
 */
export function dropPrivileges({ name, uid, gid }: UserIds): void {
  if (process.getuid?.() === uid) return;
  if (process.getuid?.() !== 0) throw new UsageError("Can't drop privilege as nonroot user");
  attempt('Could not set groups of effective user', () => becomeMemberOfAllGroups(name, gid));
  attempt('Could not set group id of effective user', () => process.setgid?.(gid));
  attempt(`Could not set user id of effective user`, () => process.setuid?.(uid));
  const ids = [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.()];
  if (ids.join() !== [uid, uid, gid, gid].join()) throw new UsageError('Could not drop privileges');
}

function attempt(says: string, step: () => void): void {
  try {
    step();
  } catch {
    throw new UsageError(says); // the system's own text adds nothing: it is EPERM
  }
}
