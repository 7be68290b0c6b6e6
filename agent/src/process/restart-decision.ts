import type { ProcessConfig } from '../config/config.ts';
import type { ChildExit } from '../events/event.ts';

/** Whether a child ended as its program says it may; an end by signal never is. Contract: PROC-044. */
export function isExpected(exit: ChildExit, exitCodes: readonly number[]): boolean {
  return exit.code !== null && exitCodes.includes(exit.code);
}

/** Whether an EXITED process is started again by itself. Contract: PROC-046 to PROC-048. */
export function restartsAfter(exit: ChildExit, config: ProcessConfig): boolean {
  if (config.autorestart === 'unexpected') return !isExpected(exit, config.exitCodes);
  return config.autorestart === 'always';
}

/** What follows a failed start attempt: the wait before the next one, or none left. Contract: PROC-035 to PROC-039. */
export type AfterFailure =
  | { readonly kind: 'retry'; readonly afterMs: number }
  | { readonly kind: 'give-up' };

/** `tries` counts the attempts that failed in a row, this one included. */
export function afterFailure(tries: number, startRetries: number): AfterFailure {
  return tries > startRetries ? { kind: 'give-up' } : { kind: 'retry', afterMs: tries * 1000 };
}
