import { constants } from 'node:os';
import { quoted, strip } from './python-text.ts';
import { good, type Reader, wrong } from './reading.ts';
import { integer } from './values.ts';

/** What Python's signal module names besides the system's signals; supervisord accepts them. Contract: CFG-106. */
const PYTHON_NAMES = { SIG_DFL: 0, SIG_IGN: 1, SIG_BLOCK: 0, SIG_UNBLOCK: 1, SIG_SETMASK: 2 };
/** Names Node does not list. */
const MORE_NAMES = { SIGCLD: constants.signals.SIGCHLD, SIGRTMIN: 34, SIGRTMAX: 64 };

const NUMBERS = new Map<string, number>(
  Object.entries({ ...PYTHON_NAMES, ...constants.signals, ...MORE_NAMES }),
);
const KNOWN = new Set(NUMBERS.values());

/** A signal by number or name, with or without `SIG`, in any case. Contract: CFG-105, CFG-106. */
export const signalNumber: Reader<number> = (text) => {
  const written = integer(text);
  const number = written.ok ? written.value : NUMBERS.get(withPrefix(strip(text).toUpperCase()));
  const hint = 'use a name such as TERM, INT, QUIT, HUP, KILL, USR1 or USR2';
  if (number === undefined) return wrong(`value ${quoted(text)} is not a valid signal name`, hint);
  if (!KNOWN.has(number)) return wrong(`value ${quoted(text)} is not a valid signal number`, hint);
  return good(number);
};

function withPrefix(name: string): string {
  return name.startsWith('SIG') ? name : `SIG${name}`;
}
