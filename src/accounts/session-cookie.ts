const NAMES = { secure: '__Host-fleetvisor', plain: 'fleetvisor' } as const;

/** `Set-Cookie` for a new session, or for its end when `value` is empty. */
export function sessionCookie(value: string, over: 'https' | 'http', longestMs: number): string {
  const name = over === 'https' ? NAMES.secure : NAMES.plain;
  const maxAge = value === '' ? 0 : Math.floor(longestMs / 1_000);
  const secure = over === 'https' ? '; Secure' : '';
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure}`;
}

/**
 * The session's secret out of a `Cookie` header, or null. Over TLS only the cookie that nobody else can have set: any
 * other host of the domain, and whoever answers plain HTTP in its name, can put a plain one into a browser.
 */
export function readSessionCookie(header: string | undefined, over: 'https' | 'http'): string | null {
  return cookieIn(header, over === 'https' ? NAMES.secure : NAMES.plain);
}

/** A cookie's value as it stands in a `Cookie` header; null when there is none. */
export function cookieIn(header: string | undefined, wanted: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === wanted && value !== undefined && value !== '') return value;
  }
  return null;
}
