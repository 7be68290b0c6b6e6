import type { Request, Response } from 'express';
import type { ProblemBody, SignedIn } from '../api/contract.ts';
import type { Assets } from './assets.ts';
import { loadPage } from './load-page.ts';
import { plainLogs } from './plain-logs.ts';
import { plainMarkup } from './plain-markup.ts';
import { cookiesOf, themeOf } from './request.ts';
import { takeSaid } from './said.ts';
import { type Loaded, type Read, WAITING } from './view/loaded.ts';
import { missingPage } from './view/missing.ts';
import type { Asked, PageView } from './view/page.ts';
import { present } from './view/present.ts';
import { problemIn } from './view/problem-words.ts';
import type { Reader } from './view/reader.ts';
import { NOTHING_PICKED } from './view/row-view.ts';
import { listOf, queryOfPage, viewsOf, viewsRead } from './view/saved-views.ts';
import { languageOf, sayIn } from './view/say.ts';
import { shell, tabTitle } from './view/shell.ts';
import { tree } from './view/side.ts';
import { type World, worldOf } from './view/world.ts';
import type { ApiCall, WebPorts } from './web-ports.ts';

/** Another page than the address asks for: a form, or what one that was not carried out shows. */
export interface Instead {
  readonly status: number;
  readonly path?: string;
  readonly params?: URLSearchParams;
  readonly failed?: NonNullable<Asked['failed']>;
  readonly page?: PageView;
}

/** Draws a page for whoever asks; strangers go and sign in first. */
export async function answerPage(
  req: Request,
  res: Response,
  ports: WebPorts,
  assets: Assets,
  instead?: Instead,
): Promise<void> {
  const who = ports.signedIn(req);
  if (who === null)
    return void res.redirect(302, `${ports.basePath}/sign-in?next=${encodeURIComponent(req.url)}`);
  const reader = readerOf(req, who, ports);
  const world = worldOf(ports.fleet(req));
  const asked = {
    params: instead?.params ?? new URL(req.url, 'http://hub').searchParams,
    picked: NOTHING_PICKED,
    action: (id: string) => ports.action(id, req),
    ...(instead?.failed === undefined ? {} : { failed: instead.failed }),
  };
  const path = instead?.path ?? req.path;
  const { page, around, views } = await loadPage(
    (get) => {
      const page = instead?.page ?? present(path, world, reader, { ...asked, get }) ?? noPage(world, reader);
      const views = viewsOf(listOf(page), asked.params, get, reader);
      return { page, views, around: shell(world, reader, page, get) };
    },
    (read) => soon(read, answerTo(read, req, reader, ports), ports),
    [viewsRead],
  );
  const logs = await plainLogs(path, asked.params, (call) => ports.api(req, call), reader);
  const data = { say: reader.say, base: reader.base, assets: { ...assets.names, font: fontOf(assets) } };
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
      side:
        (views === null
          ? ''
          : plainMarkup(
              assets.render('partials/views-side', { views, list: listKey(path, asked.params) }, data),
              reader,
            )) + assets.render(page.side.template, page.side.model, data),
      said: takeSaid(req, res, reader.base, reader.say),
      main:
        plainMarkup(assets.render(page.main.template, page.main.model, data), reader) +
        (logs === null ? '' : assets.render('partials/plain-logs', logs, data)),
      filter: filterOf(path, asked.params),
      again: page.again ?? false,
    },
    data,
  );
  res
    .status(instead?.status ?? (page.found ? 200 : 404))
    .type('html')
    .send(html);
}

/** A host may take long to answer: no page waits for it. */
const MOMENT_MS = 150;

function soon<T>(read: Read<T>, answer: Promise<Loaded<T>>, { clock }: WebPorts): Promise<Loaded<T>> {
  if (read.asksHost !== true) return answer;
  const late = new Promise<Loaded<T>>((done) => clock.after(MOMENT_MS, () => done(WAITING)));
  return Promise.race([answer, late]);
}

async function answerTo<T>(
  read: Read<T>,
  req: Request,
  { csrf, language }: Pick<Reader, 'csrf' | 'language'>,
  ports: WebPorts,
): Promise<Loaded<T>> {
  const { path, body } = read;
  const asks: ApiCall = body === undefined ? { method: 'GET', path } : { method: 'POST', path, body, csrf };
  const answer = await ports.api(req, asks);
  if (answer.status < 400) return { kind: 'here', value: answer.body };
  const problem: ProblemBody = answer.body;
  return { kind: 'problem', problem: problemIn(problem, language) };
}

function noPage(world: World, reader: Reader): ReturnType<typeof missingPage> {
  return missingPage('overview', reader.say('missing.page'), '/', reader, {
    template: 'partials/tree',
    model: tree(world, reader, {}),
  });
}

/** Which list, and what of it is shown: what a view of it is saved as. */
const listKey = (path: string, params: URLSearchParams): string => {
  const list = path === '/logs' ? 'logs' : 'processes';
  const query = queryOfPage(list, params);
  return query === '' ? list : `${list}?${query}`;
};

/** What the filter's field sends along when it sends itself. */
function filterOf(path: string, params: URLSearchParams): readonly { name: string; value: string }[] | null {
  if (path !== '/processes') return null;
  return [...params].filter(([name]) => name !== 'text').map(([name, value]) => ({ name, value }));
}

export function readerOf(req: Request, who: SignedIn, { clock, basePath }: WebPorts): Reader {
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
