import { randomInt } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { Problem } from '../fleet/problem.ts';
import { Turns } from '../turns.ts';
import { isCommonPassword, leakedPasswords } from './common-passwords.ts';

/** bcrypt reads no further: two longer passwords with the same start would be the same. */
const MOST_BYTES = 72;
const LEAST_CHARACTERS = 10;
const AT_ONCE = 2;
const MOST_WAITING = 50;

/** Without characters that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A new password of four groups of five: 99 bits. */
export function generatePassword(): string {
  const group = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}

/** Why this cannot become a password, or null. */
export async function newPasswordProblem(password: string, userName: string): Promise<Problem | null> {
  const problem = passwordProblem(password);
  if (problem !== null || !isCommonPassword(password, userName, await leakedPasswords())) return problem;
  return {
    where: 'password',
    says: 'is one of the first that anybody would try',
    hint: 'Choose another, or let the hub make one.',
  };
}

/** Why this can be nobody's password, or null. */
export function passwordProblem(password: string): Problem | null {
  if (Buffer.byteLength(password) > MOST_BYTES)
    return {
      where: 'password',
      says: `is longer than ${MOST_BYTES} bytes`,
      hint: 'Choose a shorter one: what comes after would not count.',
    };
  if (Array.from(password).length < LEAST_CHARACTERS)
    return {
      where: 'password',
      says: `is shorter than ${LEAST_CHARACTERS} characters`,
      hint: 'Choose a longer one.',
    };
  return null;
}

/** Hashes and checks passwords, two at a time: a flood of sign-ins waits instead of taking every core. */
export class Passwords {
  readonly #cost: number;
  /** Checked when there is no such user, so that both take equally long. */
  #nobody: Promise<string> | null = null;
  readonly #turns = new Turns(AT_ONCE);

  constructor(cost = 12) {
    this.#cost = cost;
  }

  hash(password: string): Promise<string> {
    return this.#turns.run(() => bcrypt.hash(password, this.#cost));
  }

  /** Takes as long for `null`, no such user, as for a wrong password. */
  async matches(password: string, hash: string | null): Promise<boolean> {
    const against = hash ?? (await this.#nobodysHash());
    const same = await this.#turns.run(() => bcrypt.compare(password, against));
    return same && hash !== null && Buffer.byteLength(password) <= MOST_BYTES;
  }

  /** Made ahead, so that the first sign-in of a stranger takes no longer than others. */
  warm(): void {
    void this.#nobodysHash();
  }

  #nobodysHash(): Promise<string> {
    this.#nobody ??= bcrypt.hash(generatePassword(), this.#cost);
    return this.#nobody;
  }

  /** False while so many wait that one more would only make it worse. */
  hasRoom(): boolean {
    return this.#turns.waiting < MOST_WAITING;
  }
}
