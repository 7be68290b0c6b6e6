import { lchownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Gives a file that was just made the owner of its folder, when root made it: a hub that runs as that owner opens it
 * too. SQLite does the same for its journals. Nobody but root can, and nobody else has to.
 */
export function giveToFolderOwner(path: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  lchownSync(path, uid, gid);
}
