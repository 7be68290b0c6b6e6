/** The system's name of a thrown error (`ENOENT`), or `EIO` for an error that is not the system's. */
export function thrownErrno(error: unknown): string {
  if (!(error instanceof Error)) return 'EIO';
  if ('errno' in error && typeof error.errno === 'string') return error.errno;
  return 'code' in error ? String(error.code) : 'EIO';
}
