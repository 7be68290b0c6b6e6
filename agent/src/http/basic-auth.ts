import { createHash, timingSafeEqual } from 'node:crypto';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What a request said about itself: nothing usable, or a name and a password to be judged. */
export function readCredentials(header: string | undefined): Credentials | null {
  const match = /^basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(header ?? '');
  if (match === null) return null;
  const text = Buffer.from(match[1] ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * Whether the credentials are the configured ones; takes the same time whichever part is wrong.
 * A stored `{SHA}` password is the hex SHA-1 of the one to send. Contract: RPC-135 to RPC-140, RPC-171.
 */
export function isAuthentic(given: Credentials, wanted: Credentials): boolean {
  const sha = wanted.password.startsWith('{SHA}');
  const password = sha ? createHash('sha1').update(given.password).digest('hex') : given.password;
  const names = equal(given.username, wanted.username);
  const passwords = equal(password, sha ? wanted.password.slice('{SHA}'.length) : wanted.password);
  return names && passwords;
}

/** Equality whose time tells nothing about where or whether texts differ. */
export function equal(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
