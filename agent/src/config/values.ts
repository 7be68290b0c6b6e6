import type { LogLevel, ProcessConfig } from './config.ts';
import { quoted, strip } from './python-text.ts';
import { good, type Reader, type Reading, wrong } from './reading.ts';

const YES = ['yes', 'true', 'on', '1'];
const NO = ['no', 'false', 'off', '0'];
const LOG_LEVELS: readonly LogLevel[] = ['critical', 'error', 'warn', 'info', 'debug', 'trace', 'blather'];
const UNITS: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** yes/true/on/1 and no/false/off/0 in any case. Contract: CFG-101. */
export const yesOrNo: Reader<boolean> = (text) => {
  const word = text.toLowerCase();
  if (YES.includes(word)) return good(true);
  if (NO.includes(word)) return good(false);
  return wrong(`not a valid boolean value: ${quoted(text)}`, 'use true or false');
};

/** A decimal integer with optional sign and `_` between digits. Contract: CFG-102. */
export const integer: Reader<number> = (text) => {
  const written = strip(text);
  if (!/^[+-]?[0-9]+(?:_[0-9]+)*$/.test(written)) {
    return wrong(`invalid literal for int() with base 10: ${quoted(text)}`, 'use a whole number, such as 10');
  }
  return good(bounded(Number(written.replaceAll('_', ''))));
};

/** Seconds as written, milliseconds as kept. */
export const secondsToMs: Reader<number> = (text) => {
  const seconds = integer(text);
  return seconds.ok ? good(bounded(seconds.value * 1000)) : seconds;
};

/** Base-8 digits, also with `0o` in front. Contract: CFG-104. */
export const octal: Reader<number> = (text) => {
  const match = /^([+-]?)(?:0[oO]_?)?([0-7]+(?:_[0-7]+)*)$/.exec(strip(text));
  if (match === null)
    return wrong(`${text} can not be converted to an octal type`, 'use octal digits, such as 022');
  const size = Number.parseInt((match[2] ?? '').replaceAll('_', ''), 8);
  return good(match[1] === '-' ? -size : size);
};

/** Bytes, with KB, MB or GB in any case as powers of 1024. Contract: CFG-103. */
export const byteSize: Reader<number> = (text) => {
  const lower = text.toLowerCase();
  const unit = UNITS[lower.slice(-2)];
  const count = integer(unit === undefined ? lower : lower.slice(0, -2));
  if (count.ok) return good(bounded(count.value * (unit ?? 1)));
  return wrong(count.fault.says, 'use a whole number of bytes, or with KB, MB or GB, such as 50MB');
};

/** Comma list of 0 to 255. Contract: CFG-107. */
export const exitCodes: Reader<readonly number[]> = (text) => {
  if (text === '') return good([]);
  const codes: number[] = [];
  for (const part of text.split(',')) {
    const code = integer(part);
    if (!code.ok || code.value < 0 || code.value > 255) {
      return wrong(
        `not a valid list of exit codes: ${quoted(text)}`,
        'use numbers from 0 to 255, such as 0,2',
      );
    }
    codes.push(code.value);
  }
  return good(codes);
};

/** A boolean or `unexpected`. Contract: CFG-108. */
export const autoRestart: Reader<ProcessConfig['autorestart']> = (text) => {
  const word = text.toLowerCase();
  if (YES.includes(word)) return good('always');
  if (NO.includes(word)) return good('never');
  if (word === 'unexpected') return good('unexpected');
  return wrong(`invalid 'autorestart' value ${quoted(word)}`, 'use true, false or unexpected');
};

/** One of supervisord's level names in any case. Contract: CFG-115. */
export const logLevel: Reader<LogLevel> = (text) => {
  const level = LOG_LEVELS.find((name) => name === text.toLowerCase());
  if (level !== undefined) return good(level);
  return wrong(`bad logging level name ${quoted(text)}`, `use one of ${LOG_LEVELS.join(', ')}`);
};

/** A program, group or process name: no blank, `:` or `/` inside. Contract: CFG-111. */
export const processOrGroupName: Reader<string> = (text) => {
  const name = strip(text);
  const character = [' ', ':', '/'].find((unwanted) => name.includes(unwanted));
  if (character === undefined) return good(name);
  return wrong(
    `Invalid name: ${quoted(text)} because of character: ${quoted(character)}`,
    'names may not hold blanks, colons or slashes',
  );
};

/** Comma list with blanks around its parts dropped; empty parts are kept. */
export function listOfStrings(text: string): string[] {
  return text === '' ? [] : text.split(',').map(strip);
}

/** A port number from 1 to 65535. */
export const portNumber: Reader<number> = (text) => {
  const port = integer(text);
  if (!port.ok) return wrong(port.fault.says, 'use a port from 1 to 65535');
  if (port.value < 1) return wrong(`${port.value} is below lower bound (1)`, 'use a port from 1 to 65535');
  if (port.value > 65535)
    return wrong(`${port.value} is above upper bound (65535)`, 'use a port from 1 to 65535');
  return port;
};

/** `9001`, `:9001`, `*:9001`, `host:9001`; no host means all interfaces. Contract: CFG-119. */
export function inetAddress(text: string): Reading<{ readonly host: string; readonly port: number }> {
  const colon = text.lastIndexOf(':');
  if (colon < 0) {
    const port = portNumber(text);
    if (port.ok) return good({ host: '', port: port.value });
    return wrong(`not a valid port number: ${quoted(text)} `, 'use host:port, such as 127.0.0.1:9001');
  }
  const digits = text.slice(colon + 1);
  if (digits === '') return wrong("no port number specified in ''", 'use host:port, such as 127.0.0.1:9001');
  const port = portNumber(digits);
  if (!port.ok) return port;
  const host = text.slice(0, colon).toLowerCase();
  return good({ host: host === '*' ? '' : host, port: port.value });
}

function bounded(count: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(count, Number.MAX_SAFE_INTEGER));
}
