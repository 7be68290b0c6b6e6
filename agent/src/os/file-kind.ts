import { accessSync, constants, type Stats, statSync } from 'node:fs';
import type { FileKind } from './os.ts';

/** What an exec of `path` would meet, links followed; relative to the daemon's own directory. */
export function fileKind(path: string): FileKind {
  const stats = statOrNull(path);
  if (stats === null) return 'missing';
  if (stats.isDirectory()) return 'directory';
  if ((stats.mode & 0o111) === 0) return 'not-executable';
  return mayExecute(path) ? 'executable' : 'not-permitted';
}

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function mayExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
