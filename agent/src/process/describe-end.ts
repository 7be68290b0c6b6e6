import type { ChildEnd } from '../os/wait-status.ts';

/** `exit status 3`, `terminated by SIGKILL`, `terminated by SIGSEGV (core dumped)`. Contract: PROC-045. */
export function describeEnd(end: ChildEnd): string {
  if (end.code !== null) return `exit status ${end.code}`;
  if (end.signal === null) return 'exit status unknown';
  return `terminated by ${end.signal}${end.coreDumped ? ' (core dumped)' : ''}`;
}

/** The exit code, or -1 after a signal. Contract: PROC-043. */
export function exitStatus(end: { readonly code: number | null }): number {
  return end.code ?? -1;
}

/** The `spawnerr` of an end that was not expected. */
export function badExit(end: ChildEnd): string {
  const isUnknown = end.code === null && end.signal === null;
  return isUnknown ? 'Exit status unknown' : `Bad exit code ${exitStatus(end)}`;
}
