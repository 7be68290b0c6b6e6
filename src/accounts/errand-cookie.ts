import { ERRAND_MS } from './oidc.ts';

const NAMES = { https: '__Host-fleetvisor-errand', http: 'fleetvisor-errand' } as const;

/**
 * `Set-Cookie` for what a browser keeps while it is at the provider, or for its end when `value` is empty. `Lax`, as
 * it has to come along when the provider sends the browser back; it opens nothing by itself.
 */
export function errandCookie(value: string, over: 'https' | 'http'): string {
  const maxAge = value === '' ? 0 : ERRAND_MS / 1_000;
  const secure = over === 'https' ? '; Secure' : '';
  const text = encodeURIComponent(value);
  return `${NAMES[over]}=${text}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure}`;
}

/** It out of cookies by name, or null. */
export function errandIn(cookies: Readonly<Record<string, string>>): string | null {
  return cookies[NAMES.https] ?? cookies[NAMES.http] ?? null;
}
