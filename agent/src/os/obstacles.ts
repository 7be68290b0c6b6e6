import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { thrownErrno } from './errno.ts';
import type { Spawned, SpawnRequest } from './os.ts';

/** Sets uid, gid and all groups of a user, then becomes the command, keeping pid and argv[0]. Part of util-linux. */
export const SETPRIV = '/usr/bin/setpriv';

/**
 * What the child would meet between fork and exec, or null. Looked at before, because the error of a spawn does
 * not say which step it comes from.
 */
export function obstacle({ user, directory }: SpawnRequest): Spawned | null {
  const userErrno = changesUser(user) ? userChangeErrno() : null;
  if (userErrno !== null) return { kind: 'failed', at: 'user', errno: userErrno };
  const directoryErrno = directory === null ? null : chdirErrno(directory);
  if (directoryErrno !== null) return { kind: 'failed', at: 'directory', errno: directoryErrno };
  return null;
}

/** False when the child runs as the daemon does anyway. Contract: PROC-026. */
export function changesUser(user: SpawnRequest['user']): user is NonNullable<SpawnRequest['user']> {
  return user !== null && process.getuid?.() !== user.uid;
}

function userChangeErrno(): string | null {
  if (process.getuid?.() !== 0) return 'EPERM';
  return existsSync(SETPRIV) ? null : 'ENOSYS';
}

function chdirErrno(directory: string): string | null {
  try {
    if (!statSync(directory).isDirectory()) return 'ENOTDIR';
    accessSync(directory, constants.X_OK);
    return null;
  } catch (error) {
    return thrownErrno(error);
  }
}
