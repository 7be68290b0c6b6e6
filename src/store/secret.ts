import { createHash, randomBytes } from 'node:crypto';

/** A new secret: 256 random bits, with a prefix by which people and scanners know its kind. */
export function newSecret(prefix: 'fvj' | 'fvt' | 'fvs' | 'fvh' | 'fvd'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** What is kept of a secret: enough to know it again, useless to a thief. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export type NewId = () => string;

/** Short, unique, and without meaning: `h_9fQ2…`. */
export function randomId(prefix: string): string {
  return `${prefix}_${randomBytes(9).toString('base64url')}`;
}
