import { constants, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const WRITABLE_BY_ANYBODY = 0o002;

/**
 * The flag to open a file with so that no symbolic link of a stranger is followed: in a folder anybody may write
 * to, only links of ours and of the folder's owner are. Linux does the same where `fs.protected_symlinks` is set.
 * Throws `ELOOP` for a stranger's link.
 */
export function noForeignLink(path: string): number {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder === undefined || (folder.mode & WRITABLE_BY_ANYBODY) === 0) return 0;
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined || !there.isSymbolicLink()) return constants.O_NOFOLLOW; // also if one comes right now
  if (there.uid === process.geteuid?.() || there.uid === folder.uid) return 0;
  throw Object.assign(new Error(`${path} is a link of another user`), { code: 'ELOOP' });
}
