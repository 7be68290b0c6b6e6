import express, { type Request, type Response, Router } from 'express';
import type { Action, ProblemBody, SignedIn } from '../api/contract.ts';
import type { Clock } from '../clock.ts';
import { type Assets, loadAssets } from './assets.ts';
import { compressed } from './compressed.ts';
import type { FleetNow } from './fleet-now.ts';
import { loadPage } from './load-page.ts';
import { plainForms } from './plain-forms.ts';
import { cookiesOf, localPath, themeOf } from './request.ts';
import { signInPage } from './sign-in-page.ts';
import { type SignOn, signOnPages } from './sign-on.ts';
import type { Loaded, Read } from './view/loaded.ts';
import { missingPage } from './view/missing.ts';
import { present } from './view/present.ts';
import type { Reader } from './view/reader.ts';
import { NOTHING_PICKED } from './view/row-view.ts';
import { languageOf, sayIn } from './view/say.ts';
import { shell, tabTitle } from './view/shell.ts';
import { tree } from './view/side.ts';
import { type World, worldOf } from './view/world.ts';

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
 * | sign in                     | `/sign-in?next=`                                                 |
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
  router.use(plainForms(ports));
  router.get('/sign-in', (req, res) => answerSignIn(req, res, ports, assets));
  if (ports.signOn !== null) signOnPages(router, { signOn: ports.signOn, basePath: ports.basePath, assets });
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

async function answerPage(req: Request, res: Response, ports: WebPorts, assets: Assets): Promise<void> {
  const who = ports.signedIn(req);
  if (who === null)
    return void res.redirect(302, `${ports.basePath}/sign-in?next=${encodeURIComponent(req.url)}`);
  const reader = readerOf(req, who, ports);
  const world = worldOf(ports.fleet(req));
  const asked = {
    params: new URL(req.url, 'http://hub').searchParams,
    picked: NOTHING_PICKED,
    action: (id: string) => ports.action(id, req),
  };
  const page = await loadPage(
    (get) => present(req.path, world, reader, { ...asked, get }) ?? noPage(world, reader),
    (read) => answerTo(read, req, who.csrf, ports),
  );
  const data = { say: reader.say, base: reader.base, assets: { ...assets.names, font: fontOf(assets) } };
  const around = shell(world, reader, page);
  const cookies = cookiesOf(req);
  const html = assets.render(
    'layouts/shell',
    {
      nav: page.nav,
      lang: reader.language === 'zh' ? 'zh-CN' : 'en',
      theme: themeOf(cookies),
      base: reader.base,
      csrf: who.csrf,
      roleKey: who.role,
      rights: who.rights.join(' '),
      nowMs: reader.nowMs,
      ownZone: reader.ownZone ? reader.zone : '',
      sideFolded: cookies.fv_side === 'folded',
      hide: /^[a-z ]+$/.test(cookies.fv_hide ?? '') ? cookies.fv_hide : '',
      tabTitle: tabTitle(page.title, around.line),
      favicon: around.line.cells.some(({ mark, n }) => mark === 'fatal' && n > 0)
        ? 'favicon-trouble.svg'
        : 'favicon.svg',
      sprite: assets.sprite,
      shell: around,
      side: assets.render(page.side.template, page.side.model, data),
      main: assets.render(page.main.template, page.main.model, data),
    },
    data,
  );
  res
    .status(page.found ? 200 : 404)
    .type('html')
    .send(html);
}

async function answerTo<T>(read: Read<T>, req: Request, csrf: string, ports: WebPorts): Promise<Loaded<T>> {
  const { path, body } = read;
  const asks: ApiCall = body === undefined ? { method: 'GET', path } : { method: 'POST', path, body, csrf };
  const answer = await ports.api(req, asks);
  if (answer.status < 400) return { kind: 'here', value: answer.body };
  const problem: ProblemBody = answer.body;
  return { kind: 'problem', problem };
}

function noPage(world: World, reader: Reader): ReturnType<typeof missingPage> {
  return missingPage('overview', reader.say('missing.page'), '/', reader, {
    template: 'partials/tree',
    model: tree(world, reader, {}),
  });
}

function readerOf(req: Request, who: SignedIn, { clock, basePath }: WebPorts): Reader {
  const cookies = cookiesOf(req);
  const language = languageOf(cookies.fv_language, req.get('accept-language'));
  return {
    nowMs: clock.wallMs(),
    language,
    say: sayIn(language),
    zone: zoneOf(cookies.fv_own_zone) ?? zoneOf(cookies.fv_zone),
    ownZone: zoneOf(cookies.fv_own_zone) !== undefined,
    base: basePath,
    user: who.user,
    csrf: who.csrf,
    role: who.role,
    may: (right) => who.rights.includes(right),
  };
}

/** The browser's zone, told by cookie at the first visit; a name this machine does not know counts as none. */
function zoneOf(cookie: string | undefined): string | undefined {
  if (cookie === undefined || cookie === '') return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: cookie });
    return cookie;
  } catch {
    return undefined; // nonsense in a cookie: show the hub's zone until the browser draws its own
  }
}

function fontOf(assets: Assets): string {
  return assets.names['inter-latin-wght-normal.woff2'] ?? '';
}
