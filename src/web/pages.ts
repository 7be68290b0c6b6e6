import express, { type Request, type Response, Router } from 'express';
import type { Action, SignedIn } from '../api/contract.ts';
import type { Clock } from '../clock.ts';
import { answerPage } from './answer-page.ts';
import { type Assets, loadAssets } from './assets.ts';
import { compressed } from './compressed.ts';
import { devicePages } from './device-page.ts';
import type { FleetNow } from './fleet-now.ts';
import { plainForms } from './plain-forms.ts';
import { referencePages } from './reference-pages.ts';
import { localPath } from './request.ts';
import { signInPage } from './sign-in-page.ts';
import { type SignOn, signOnPages } from './sign-on.ts';

export type { FleetNow } from './fleet-now.ts';

/**
 * What the console's pages need of the hub. Every call answers at once from memory and never throws.
 *
 * | page                        | address                                                          |
 * |-----------------------------|------------------------------------------------------------------|
 * | overview                    | `/`                                                              |
 * | processes, every view       | `/processes?text=&state=&host=&group=&env=&source=&by=&fold=&sort=` |
 * | one process                 | `/processes/HOST/GROUP:NAME` (each part percent-encoded)         |
 * | groups, one group           | `/groups`, `/groups/NAME`                                        |
 * | hosts, one host             | `/hosts`, `/hosts/NAME`                                          |
 * | logs                        | `/logs?target=HOST/GROUP:NAME` (repeatable)                      |
 * | actions, one action         | `/actions`, `/actions/ID`                                        |
 * | settings                    | `/settings/you`, `…/people`, `…/people/ID`, `…/audit`, `…/hub`   |
 * | forms without a script      | `/forms/NAME?of=`                                                |
 * | reference of the API        | `/reference?text=`, `/reference/problems/SLUG`                   |
 * | sign in                     | `/sign-in?next=`                                                 |
 * | let a command in            | `/device?code=`                                                  |
 * | … by a provider, and back   | `/sign-in/oidc?next=`, `/sign-in/oidc/callback`                  |
 *
 * `LatelyEvent.link` is one of these, without `basePath`.
 */
export interface WebPorts {
  readonly clock: Clock;
  /** Where the console is mounted, without a slash at the end: `''` or `/fleet`. */
  readonly basePath: string;
  /** Of the cookie session that came with the request; null sends the browser to `/sign-in`. */
  signedIn(req: Request): SignedIn | null;
  /** As whoever sent the request may see it. */
  fleet(req: Request): FleetNow;
  /** Also of actions older than those in `fleet()`. */
  action(id: string, req: Request): Action | null;
  /** Single sign-on; null: passwords alone. */
  readonly signOn: SignOn | null;
  /** Asks the JSON API in the name of whoever sent the request, through the same gate. */
  api(req: Request, call: ApiCall): Promise<ApiAnswer>;
  /** Folder with `manifest.json`, as built; left out: `dist/web` in a folder above the running code. */
  readonly assetsFolder?: string;
}

/** A call of the JSON API: `path` below `/api/v1`, `csrf` as a form sent it back. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly csrf?: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** What it would set, as header values. */
  readonly cookies: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: what the contract says of the route that was asked
  readonly body: any;
}

/** Strict on purpose: no inline script, no inline style, nothing from elsewhere. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const YEAR_S = 31_536_000;

/** Every page of the console and `/static/…`. Mount it at `basePath`, after the API. */
export function webPages(ports: WebPorts): Router {
  const assets = loadAssets(ports.assetsFolder);
  const router = Router();
  router.use('/static', compressed(assets.folder));
  router.use(
    '/static',
    express.static(assets.folder, { immutable: true, maxAge: YEAR_S * 1000, index: false, redirect: false }),
  );
  router.use(
    '/static',
    (_req: Request, res: Response) => void res.status(404).type('text/plain').send('no such file'),
  );
  router.use((_req, res, next) => {
    res.set({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    next();
  });
  router.use(plainForms(ports, assets));
  router.get('/sign-in', (req, res) => answerSignIn(req, res, ports, assets));
  if (ports.signOn !== null) signOnPages(router, { signOn: ports.signOn, basePath: ports.basePath, assets });
  devicePages(router, ports, assets);
  referencePages(router, ports, assets);
  router.get('/{*path}', (req, res, next) => {
    if (/^\/(api|socket\.io)(\/|$)/.test(req.path)) return next();
    return answerPage(req, res, ports, assets);
  });
  return router;
}

function answerSignIn(req: Request, res: Response, ports: WebPorts, assets: Assets): void {
  if (ports.signedIn(req) !== null)
    return void res.redirect(302, `${ports.basePath}${localPath(req.query.next)}`);
  const label = ports.signOn?.label ?? null;
  res.type('html').send(signInPage(req, { basePath: ports.basePath, assets, label }));
}
