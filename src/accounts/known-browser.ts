import type { Seal } from '../store/seal.ts';
import { randomId } from '../store/secret.ts';
import { cookieIn } from './session-cookie.ts';

const NAMES = { https: '__Host-fleetvisor-known', http: 'fleetvisor-known' } as const;
const ABOUT = 'known-browser';
const MAX_AGE_S = 365 * 24 * 3_600;

/**
 * A browser in which somebody signed in before. It opens nothing: its wrong passwords are counted by themselves, so
 * that a flood of others from the same address does not keep its owner out.
 * Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
 */
export interface KnownBrowser {
  readonly id: string;
  readonly userId: string;
}

/** `Set-Cookie` for a browser in which this user has signed in. */
export function knownBrowserCookie(userId: string, seal: Seal, over: 'https' | 'http'): string {
  const value = Buffer.from(seal.seal(`${userId} ${randomId('b')}`, ABOUT)).toString('base64url');
  const secure = over === 'https' ? '; Secure' : '';
  return `${NAMES[over]}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${MAX_AGE_S}${secure}`;
}

/** It out of a `Cookie` header; null when there is none in it, or none that this hub made. */
export function readKnownBrowser(
  header: string | undefined,
  seal: Seal,
  over: 'https' | 'http',
): KnownBrowser | null {
  const sealed = Buffer.from(cookieIn(header, NAMES[over]) ?? '', 'base64url').toString();
  const [userId, id] = seal.open(sealed, ABOUT)?.split(' ') ?? [];
  return userId === undefined || id === undefined ? null : { userId, id };
}
