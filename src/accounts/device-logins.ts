import { randomInt } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { newSecret, secretHash } from '../store/secret.ts';
import type { Grant } from './rights.ts';

/** A command that wants to be signed in, as it says of itself, and from where it asked. */
export interface DeviceWish {
  readonly label: string;
  /** How long its token shall be good, and what it may at most; null: all that its owner may. */
  readonly ttlMs: number;
  readonly limit: Grant | null;
  readonly address: string;
}

export interface DeviceLogin extends DeviceWish {
  readonly userCode: string;
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
}

/** The token made for it, to be handed over once. */
export interface DeviceToken {
  readonly id: string;
  readonly token: string;
  readonly user: string;
  readonly expiresAtMs: number | null;
}

export type Polled =
  | { readonly kind: 'pending' | 'too-soon' | 'denied' | 'gone' }
  | { readonly kind: 'approved'; readonly token: DeviceToken };

interface Waiting extends DeviceLogin {
  readonly deviceHash: string;
  polledAtMs: number;
  answer: 'denied' | DeviceToken | null;
}

export const DEVICE_INTERVAL_MS = 2_000;
const GOOD_FOR_MS = 10 * 60_000;
const MOST_WAITING = 500;
const MOST_OF_AN_ADDRESS = 20;
const MOST_WRONG = 20;
/** No vowels, so no words, and nothing that looks like something else. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/**
 * Sign-ins of commands that somebody confirms in a browser (the shape of RFC 8628, by whatever door they came in
 * there). They live ten minutes, in memory alone: a hub that restarts forgets them, and the command begins anew.
 */
export class DeviceLogins {
  readonly #clock: Clock;
  readonly #unclaimed: (tokenId: string) => void;
  readonly #byCode = new Map<string, Waiting>();
  readonly #wrong = new Map<string, { sinceMs: number; count: number }>();

  /** `unclaimed` hears of a token that was made and never fetched. */
  constructor(clock: Clock, unclaimed: (tokenId: string) => void) {
    this.#clock = clock;
    this.#unclaimed = unclaimed;
  }

  /** Null: too many wait already, in all or from this address. */
  begin(wish: DeviceWish): { readonly deviceCode: string; readonly login: DeviceLogin } | null {
    this.#tidy();
    const ofAddress = [...this.#byCode.values()].filter(({ address }) => address === wish.address);
    if (this.#byCode.size >= MOST_WAITING || ofAddress.length >= MOST_OF_AN_ADDRESS) return null;
    const deviceCode = newSecret('fvd');
    const userCode = this.#newCode();
    const askedAtMs = this.#clock.wallMs();
    const login = { ...wish, userCode, askedAtMs, expiresAtMs: askedAtMs + GOOD_FOR_MS };
    const open = { deviceHash: secretHash(deviceCode), polledAtMs: Number.NEGATIVE_INFINITY, answer: null };
    this.#byCode.set(userCode, { ...login, ...open });
    return { deviceCode, login };
  }

  /** What waits under a code, typed with or without its dash; `slow`: this person guessed too often. */
  find(typed: string, userId: string): DeviceLogin | 'slow' | null {
    this.#tidy();
    if (this.#hasGuessedEnough(userId)) return 'slow';
    const found = this.#byCode.get(spelled(typed));
    if (found !== undefined && found.answer === null) return found;
    this.#countWrong(userId);
    return null;
  }

  /** Each is answered once. */
  answer(login: DeviceLogin, answer: 'denied' | DeviceToken): void {
    const waiting = this.#byCode.get(login.userCode);
    if (waiting !== undefined) waiting.answer = answer;
  }

  /** What became of it, for the command alone; a token is handed over once. */
  poll(deviceCode: string): Polled {
    this.#tidy();
    const hash = secretHash(deviceCode);
    const waiting = [...this.#byCode.values()].find(({ deviceHash }) => deviceHash === hash);
    if (waiting === undefined) return { kind: 'gone' };
    const nowMs = this.#clock.uptimeMs();
    const isTooSoon = nowMs - waiting.polledAtMs < DEVICE_INTERVAL_MS / 2;
    waiting.polledAtMs = nowMs;
    if (isTooSoon) return { kind: 'too-soon' };
    if (waiting.answer === null) return { kind: 'pending' };
    this.#byCode.delete(waiting.userCode);
    return waiting.answer === 'denied' ? { kind: 'denied' } : { kind: 'approved', token: waiting.answer };
  }

  #newCode(): string {
    const four = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    const code = `${four()}-${four()}`;
    return this.#byCode.has(code) ? this.#newCode() : code;
  }

  #tidy(): void {
    const nowMs = this.#clock.wallMs();
    for (const [code, { expiresAtMs, answer }] of this.#byCode) {
      if (expiresAtMs > nowMs) continue;
      this.#byCode.delete(code);
      if (answer !== null && answer !== 'denied') this.#unclaimed(answer.id);
    }
    for (const [userId, { sinceMs }] of this.#wrong)
      if (nowMs - sinceMs > GOOD_FOR_MS) this.#wrong.delete(userId);
  }

  #hasGuessedEnough(userId: string): boolean {
    return (this.#wrong.get(userId)?.count ?? 0) >= MOST_WRONG;
  }

  #countWrong(userId: string): void {
    const known = this.#wrong.get(userId) ?? { sinceMs: this.#clock.wallMs(), count: 0 };
    this.#wrong.set(userId, { ...known, count: known.count + 1 });
  }
}

/** As it was shown, however it was typed. */
function spelled(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z]/g, '');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
