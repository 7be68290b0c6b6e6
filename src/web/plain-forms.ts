import express, { type Request, type Response, Router } from 'express';
import { sameSecret } from '../accounts/accounts.ts';
import type { SignedIn } from '../api/contract.ts';
import type { WebPorts } from './pages.ts';
import { localPath } from './request.ts';

const YEAR_MS = 31_536_000_000;
/** What a form may set as a cookie, and the values it may take. */
const PREFERENCES = {
  language: /^(en|zh)$/,
  theme: /^(light|dark|system)$/,
  zone: /^[\w+/-]{0,60}$/,
} as const;
const COOKIES = { language: 'fv_language', theme: 'fv_theme', zone: 'fv_own_zone' } as const;

export const formBody = express.urlencoded({ extended: false, limit: '2mb', parameterLimit: 100 });

/** Forms that work without a script: each does what its script would, by the same API. */
export function plainForms(ports: WebPorts): Router {
  const router = Router();
  router.post('/sign-out', formBody, async (req, res) => {
    const answer = await ports.api(req, { method: 'DELETE', path: '/session', csrf: fieldOf(req, 'csrf') });
    if (answer.status >= 400) return void res.redirect(303, `${ports.basePath}/settings/you`);
    for (const cookie of answer.cookies) res.append('set-cookie', cookie);
    res.redirect(303, `${ports.basePath}/sign-in`);
  });
  router.post('/preferences', formBody, (req, res) => {
    const who = ports.signedIn(req);
    if (who !== null && isOwnForm(req, who)) setPreferences(req, res, ports.basePath);
    res.redirect(303, `${ports.basePath}${backFrom(req, ports.basePath)}`);
  });
  return router;
}

/** One field of a form as text. */
export function fieldOf(req: Request, name: string): string {
  const value: unknown = req.body?.[name];
  return typeof value === 'string' ? value : '';
}

const isOwnForm = (req: Request, { csrf }: SignedIn): boolean => sameSecret(fieldOf(req, 'csrf'), csrf);

function setPreferences(req: Request, res: Response, basePath: string): void {
  for (const name of ['language', 'theme', 'zone'] as const) {
    const value: unknown = req.body?.[name];
    if (typeof value !== 'string' || !PREFERENCES[name].test(value)) continue;
    const options = { path: basePath || '/', maxAge: YEAR_MS, sameSite: 'lax', secure: req.secure } as const;
    res.cookie(COOKIES[name], value, options);
  }
}

/** The page the form stood on. */
function backFrom(req: Request, basePath: string): string {
  const from = req.get('referer');
  if (from === undefined || !URL.canParse(from)) return '/settings/you';
  const { pathname, search } = new URL(from);
  return localPath(`${pathname.slice(basePath.length)}${search}`);
}
