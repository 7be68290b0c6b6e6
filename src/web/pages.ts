import express, { type Request, type Response, Router } from 'express';
import { answerPage } from './answer-page.ts';
import { type Assets, loadAssets } from './assets.ts';
import { compressed } from './compressed.ts';
import { devicePages } from './device-page.ts';
import { plainForms } from './plain-forms.ts';
import { referencePages } from './reference-pages.ts';
import { localPath } from './request.ts';
import { signInPage } from './sign-in-page.ts';
import { signOnPages } from './sign-on.ts';
import type { WebPorts } from './web-ports.ts';

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
