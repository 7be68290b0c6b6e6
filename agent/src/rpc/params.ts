import { Fault } from './faults.ts';

/** A parameter that must be text. Contract: RPC-038 says fault 2 where supervisord answers HTTP 500. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Fault('INCORRECT_PARAMETERS');
  return value;
}

/** An integer, also as numeric text; fractions are cut. Contract: RPC-118. */
export function integer(value: unknown): number {
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
  const whole = typeof number === 'boolean' ? Number(number) : number;
  if (typeof whole !== 'number' || !Number.isSafeInteger(Math.trunc(whole)))
    throw new Fault('INCORRECT_PARAMETERS');
  return Math.trunc(whole);
}

/** An optional flag that is on unless given as false, 0 or something empty. */
export function flag(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
