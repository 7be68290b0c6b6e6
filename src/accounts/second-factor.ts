import { randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Clock } from '../clock.ts';
import type { Seal } from '../store/seal.ts';
import { ABOUT } from '../store/sealed-columns.ts';
import { secretHash } from '../store/secret.ts';
import type { Users } from '../store/users.ts';

const STEP_MS = 30_000;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
const RECOVERY_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** What an authenticator app is given: as a link, and the same secret to type. */
export interface NewSecondFactor {
  readonly secret: string;
  readonly uri: string;
}

/** Codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 s), and ten recovery codes for a lost one. */
export class SecondFactor {
  readonly #users: Users;
  readonly #seal: Seal;
  readonly #clock: Clock;

  constructor(users: Users, seal: Seal, clock: Clock) {
    this.#users = users;
    this.#seal = seal;
    this.#clock = clock;
  }

  /** A secret to try out; nothing is kept before `confirm`. */
  propose(userName: string): NewSecondFactor {
    const totp = totpOf(new Secret({ size: SECRET_BYTES }), userName);
    return { secret: totp.secret.base32, uri: totp.toString() };
  }

  /** Keeps the secret once a code proves that the app has it. Returns recovery codes, shown once; null: wrong code. */
  confirm(userId: string, secret: string, code: string): readonly string[] | null {
    const step = this.#stepOf(secret, code);
    if (step === null) return null;
    const codes = Array.from({ length: RECOVERY_CODES }, recoveryCode);
    this.#users.setSecondFactor(userId, {
      sealedSecret: this.#seal.seal(secret, ABOUT.totp(userId)),
      lastStep: step,
      recoveryHashes: codes.map(secretHash),
    });
    return codes;
  }

  /** Takes a code, each at most once; also true for whoever has no second factor. */
  takes(userId: string, given: string): boolean {
    const factor = this.#users.byId(userId)?.secondFactor ?? null;
    if (factor === null) return true;
    const code = given.trim().toLowerCase();
    const hash = secretHash(code);
    if (factor.recoveryHashes.includes(hash)) {
      const recoveryHashes = factor.recoveryHashes.filter((known) => known !== hash);
      this.#users.setSecondFactor(userId, { ...factor, recoveryHashes });
      return true;
    }
    const secret = this.#seal.open(factor.sealedSecret, ABOUT.totp(userId));
    const step = secret === null ? null : this.#stepOf(secret, code);
    if (step === null || step <= factor.lastStep) return false;
    this.#users.setSecondFactor(userId, { ...factor, lastStep: step });
    return true;
  }

  drop(userId: string): void {
    this.#users.setSecondFactor(userId, null);
  }

  /** The step a code belongs to, one before and after now included; null: a wrong code. */
  #stepOf(secret: string, code: string): number | null {
    const nowMs = this.#clock.wallMs();
    const key = secretFrom(secret);
    if (key === null || !/^\d{6}$/.test(code)) return null;
    const delta = totpOf(key, '').validate({ token: code, timestamp: nowMs, window: 1 });
    return delta === null ? null : Math.floor(nowMs / STEP_MS) + delta;
  }
}

function totpOf(secret: Secret, label: string): TOTP {
  return new TOTP({ issuer: 'Fleetvisor', label, secret, algorithm: 'SHA1', digits: 6, period: 30 });
}

function secretFrom(text: string): Secret | null {
  try {
    return Secret.fromBase32(text);
  } catch {
    return null; // somebody sent something else as secret: no code fits it
  }
}

/** Two groups of five: 49 bits, each good once and tried against the same throttle as passwords. */
function recoveryCode(): string {
  const group = () =>
    Array.from({ length: 5 }, () => RECOVERY_ALPHABET[randomInt(RECOVERY_ALPHABET.length)]).join('');
  return `${group()}-${group()}`;
}
