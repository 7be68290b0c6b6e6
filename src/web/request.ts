import type { Request } from 'express';

/** Cookies by name, decoded; a damaged one is left out. */
export function cookiesOf(req: Request): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null);
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at < 0) continue;
    try {
      cookies[part.slice(0, at).trim()] = decodeURIComponent(part.slice(at + 1).trim());
    } catch {
      // Not ours: everything we set is encoded.
    }
  }
  return cookies;
}

/** A path on this console to go to after signing in; anything that could lead elsewhere becomes `/`. */
export function localPath(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])/.test(next) || /[\\\p{Cc}]/u.test(next)) return '/';
  return next.startsWith('/sign-in') ? '/' : next;
}

/** The theme this browser chose; null: as its system says. */
export function themeOf(cookies: Readonly<Record<string, string>>): 'dark' | 'light' | null {
  const chosen = cookies.fv_theme;
  return chosen === 'dark' || chosen === 'light' ? chosen : null;
}

/** The page a form stood on. */
export function backFrom(req: Request, basePath: string): string {
  const from = req.get('referer');
  if (from === undefined || !URL.canParse(from)) return '/settings/you';
  const { pathname, search } = new URL(from);
  return localPath(`${pathname.slice(basePath.length)}${search}`);
}

/** The hub as this browser reached it. */
export const hubAddress = (req: Request, basePath: string): string =>
  `${req.protocol}://${req.host ?? ''}${basePath}`;
