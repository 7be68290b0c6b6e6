import { readFileSync } from 'node:fs';

export interface ConfigProblem {
  /** `--port`, `FLEETVISOR_PORT` when the environment said it, or `/etc/fleetvisor-hub/hub.conf:3`. */
  readonly where: string;
  readonly says: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type Value = string | number | boolean | readonly string[] | null;
export type Read = { readonly value: Value } | { readonly says: string };

/** One setting: its flag, its variable, its default and its meaning. */
export interface Row {
  readonly flag: string;
  readonly env: string;
  readonly written: string;
  readonly help: string;
  /** A flag that stands alone. */
  readonly alone?: true;
  read(text: string): Read;
}

export const text = (value: string): Read => (value === '' ? { says: 'is empty' } : { value });
export const optionalText = (value: string): Read => ({ value: value === '' ? null : value });
export const yes = (value: string): Read =>
  ['1', 'true', 'yes'].includes(value)
    ? { value: true }
    : ['', '0', 'false', 'no'].includes(value)
      ? { value: false }
      : { says: `is neither yes nor no: ${value}` };
export const wholeNumber =
  (least: number, most: number) =>
  (value: string): Read =>
    /^\d{1,10}$/.test(value) && Number(value) >= least && Number(value) <= most
      ? { value: Number(value) }
      : { says: `must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}` };
export const path = (value: string): Read => {
  const trimmed = value.replace(/\/+$/, '');
  return trimmed === '' || /^(\/[A-Za-z0-9._~-]+)+$/.test(trimmed)
    ? { value: trimmed }
    : { says: `must look like /fleet, not ${JSON.stringify(value)}` };
};
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** `90s`, `1h`, `7d` in milliseconds, or null when it is no duration. */
export function durationMs(value: string): number | null {
  const match = /^(\d{1,6})([smhd])$/.exec(value);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  return match === null || unitMs === undefined ? null : Number(match[1]) * unitMs;
}
export const duration = (value: string): Read => {
  const ms = durationMs(value);
  return ms === null || ms === 0
    ? { says: `must look like 30m, 12h or 7d, not ${JSON.stringify(value)}` }
    : { value: ms };
};
export const folders = (value: string): Read => ({
  value: value.split(':').filter((folder) => folder.startsWith('/')),
});

export const textOrNull = (value: Value | undefined): string | null =>
  typeof value === 'string' ? value : null;

/**
 * A secret out of its variable, or out of the file a setting names, without the newline at its end; null: neither.
 * It has no flag of its own: everybody on the machine can read the arguments of a program.
 */
export function secretFrom(
  variable: string,
  file: { readonly flag: string; readonly path: string | null },
  env: Environment,
  problems: ConfigProblem[],
): string | null {
  const told = env[variable] ?? '';
  if (told !== '') return told;
  if (file.path === null) return null;
  try {
    const secret = readFileSync(file.path, 'utf8').replace(/\r?\n$/, '');
    if (secret !== '') return secret;
    problems.push({ where: file.flag, says: `${file.path} is empty` });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    problems.push({ where: file.flag, says: `${file.path} cannot be read: ${code}` });
  }
  return null;
}
