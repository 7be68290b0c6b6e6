/** The data folder cannot be used, in one sentence an operator can act on. */
export class StoreProblem extends Error {
  constructor(says: string) {
    super(says);
    this.name = 'StoreProblem';
  }
}

const SAYS: Readonly<Record<string, string>> = {
  SQLITE_READONLY: 'it is read-only: give its owner write permission, or {elsewhere}',
  SQLITE_CANTOPEN: 'it cannot be opened: check that the folder exists and is writable, or {elsewhere}',
  SQLITE_BUSY: 'another program holds it locked: end that program, then start again',
  SQLITE_CORRUPT: 'it is damaged: keep the file, and restore a backup in its place',
  SQLITE_NOTADB: 'it is no SQLite database: move it away, and restore a backup in its place',
  SQLITE_FULL: 'the disk is full: make room, then start again',
  SQLITE_IOERR: 'the disk reports errors: see the system log',
  EACCES: 'permission denied: give its owner write permission, or {elsewhere}',
  ENOENT: 'it cannot be made there: {elsewhere}',
  EROFS: 'it lies on a read-only file system: {elsewhere}',
  ENOTDIR: 'a part of its path is a file: {elsewhere}',
  EEXIST: 'a file stands where the folder should be: {elsewhere}',
  ENOSPC: 'the disk is full: make room, then start again',
};

/** Whether a write failed for want of room, rights or the lock; nothing of it is there. */
export function isNotWritten(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(FULL|READONLY|IOERR|BUSY)/.test(code);
}

/** The same failure as a `StoreProblem` naming `path`; anything unknown is thrown on as it is. */
export function asStoreProblem(
  path: string,
  error: unknown,
  elsewhere = 'choose another folder with --data',
): StoreProblem {
  if (error instanceof StoreProblem) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const says = SAYS[code] ?? SAYS[Object.keys(SAYS).find((known) => code.startsWith(`${known}_`)) ?? ''];
  if (says === undefined) throw error;
  return new StoreProblem(`${path}: ${says.replace('{elsewhere}', elsewhere)}`);
}
