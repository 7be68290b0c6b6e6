import type { Parsed } from './problem.ts';

/** Signals every supervisor knows by name. */
const NAMES =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );

/** The name without SIG of `HUP`, `sighup` or `1`, or what is wrong with it. */
export function parseSignal(text: string): Parsed<string> {
  const word = text.trim().toUpperCase();
  const name = /^\d+$/.test(word) ? NAMES[Number(word) - 1] : word.replace(/^SIG/, '');
  if (name !== undefined && NAMES.includes(name)) return { ok: true, value: name };
  const hint = 'Write HUP, USR1, TERM or another name, with or without SIG, or its number.';
  return { ok: false, problems: [{ where: 'signal', says: `"${text}" is not a signal`, hint }] };
}

/** `TERM` of 15; null for a number that is no signal everybody knows. */
export function signalName(number: number): string | null {
  return NAMES[number - 1] ?? null;
}
