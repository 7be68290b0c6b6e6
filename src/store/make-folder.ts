import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Not `recursive`: below /proc Node 20 tries that without end.
 * Throws the system's error.
 */
export function makeFolder(path: string): void {
  const above = dirname(path);
  if (existsSync(path) && !existsSync(`${path}/.`)) throw Object.assign(new Error(path), { code: 'EEXIST' });
  if (existsSync(path)) return;
  if (above !== path && !existsSync(above)) makeFolder(above);
  mkdirSync(path, { mode: 0o700 });
}
