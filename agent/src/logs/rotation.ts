import type { LogFiles } from '../os/log-files.ts';

/**
 * Makes room at `path` for a new file: `.1` becomes `.2` and so on, the file itself `.1`; what stood at the
 * last number is overwritten. Nothing is moved onto a name that could not be freed, so no backup is lost.
 * Throws the system's error; the file is then still where it was. Contract: PROC-097, PROC-099.
 */
export function shiftBackups(files: LogFiles, path: string, backups: number): void {
  for (let n = backups - 1; n >= 1; n--) {
    if (files.statusAt(`${path}.${n}`) !== null) files.rename(`${path}.${n}`, `${path}.${n + 1}`);
  }
  if (files.statusAt(path) !== null) files.rename(path, `${path}.1`);
}

/**
 * Where to cut `chunk` when appending it fills the file: after its last whole line, so that a line begun here
 * goes on in the next file. 0: do not cut.
 */
export function cutForRotation(chunk: Buffer): number {
  const lineEnd = chunk.lastIndexOf(10) + 1;
  return lineEnd === chunk.length ? 0 : lineEnd;
}
