import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.ts';
import type { SignInFailures } from '../store/sign-in-failures.ts';

const WINDOW_MS = 15 * 60_000;

/** How often the failures of one account at one address an address, and an account, may have: no stranger locks its owner out. */
const TIMES = { pair: 1, address: 6, account: 12 } as const;

/** A password tried. */
export interface Try {
  readonly account: string;
  readonly address: string;
  /** The id of the browser, when this account was signed in from it before. */
  readonly browser: string | null;
}

/** Slows down guessing of passwords; what it knows is in the database and survives a restart. */
export class SignInThrottle {
  readonly #failures: SignInFailures;
  readonly #clock: Clock;
  /** Of one account at one address in 15 minutes. */
  readonly #most: number;

  constructor(failures: SignInFailures, clock: Clock, most: number) {
    this.#most = most;
    this.#failures = failures;
    this.#clock = clock;
  }

  /**
   * Milliseconds until another try is looked at; 0: now. `known`: where the owner of the account is signed in, it does not
   * count what strangers tried: at other accounts from the same address, or at this one from elsewhere.
   */
  waitMs(tried: Try, from: 'known' | 'anywhere' = 'anywhere'): number {
    const nowMs = this.#clock.wallMs();
    const waits = subjects(tried, from).map(({ subject, times }) => {
      const seen = this.#failures.of(subject);
      return seen !== null && seen.failures >= times * this.#most ? seen.firstAtMs + WINDOW_MS - nowMs : 0;
    });
    return Math.max(0, ...waits);
  }

  failed(tried: Try): void {
    const nowMs = this.#clock.wallMs();
    this.#failures.removeBefore(nowMs - WINDOW_MS);
    for (const { subject } of subjects(tried)) {
      const seen = this.#failures.of(subject);
      this.#failures.put(subject, {
        failures: (seen?.failures ?? 0) + 1,
        firstAtMs: seen?.firstAtMs ?? nowMs,
      });
    }
  }

  /** A try that nobody looked at does not count. */
  takeBack(tried: Try): void {
    for (const { subject } of subjects(tried)) {
      const seen = this.#failures.of(subject);
      if (seen !== null) this.#failures.put(subject, { ...seen, failures: Math.max(0, seen.failures - 1) });
    }
  }

  /** The right password was no failure, and forgives those of this account in this browser or at this address only. */
  succeeded(tried: Try): void {
    this.takeBack(tried);
    for (const { subject } of subjects(tried, 'known')) this.#failures.clear(subject);
  }
}

/** Of IPv6 the network: who has one address there has them all. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [left = '', right] = address.toLowerCase().split('::');
  const groups = left.split(':').filter(Boolean);
  if (right === undefined) return `${groups.slice(0, 4).join(':')}::/64`;
  const after = right.split(':').filter(Boolean);
  const all = [...groups, ...Array.from({ length: 8 - groups.length - after.length }, () => '0'), ...after];
  return `${all.slice(0, 4).join(':')}::/64`;
}

/** What a try counts for. In a browser that is known it counts for that alone: no stranger has its cookie. */
function subjects(
  { account, address, browser }: Try,
  from: 'known' | 'anywhere' = 'anywhere',
): { subject: string; times: number }[] {
  if (browser !== null) return [{ subject: `browser:${browser}`, times: TIMES.pair }];
  const network = networkOf(address);
  const pair = { subject: `pair:${account.toLowerCase()}@${network}`, times: TIMES.pair };
  if (from === 'known') return [pair];
  return [
    pair,
    { subject: `address:${network}`, times: TIMES.address },
    { subject: `account:${account.toLowerCase()}`, times: TIMES.account },
  ];
}
