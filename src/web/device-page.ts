import type { Request, Response, Router } from 'express';
import type { DeviceView, Me, ProblemBody, SignedIn } from '../api/contract.ts';
import { readerOf } from './answer-page.ts';
import type { Assets } from './assets.ts';
import { fieldOf, formBody } from './form-body.ts';
import { cookiesOf, themeOf } from './request.ts';
import { deviceView } from './view/device.ts';
import { problemWords } from './view/problem-words.ts';
import type { Reader } from './view/reader.ts';
import type { ApiAnswer, WebPorts } from './web-ports.ts';

interface Told {
  readonly cause: string;
  readonly mend: string;
  /** Where a session is opened anew, when this one is too old. */
  readonly again?: string;
}

/** What the page shows besides its frame: one of them. */
type Shown =
  | { readonly kind: 'ask'; readonly code: string; readonly failed?: Told }
  | { readonly kind: 'confirm'; readonly login: DeviceView; readonly me: Me; readonly failed?: Told }
  | { readonly kind: 'approved' | 'denied' };

/** Lets a command in, with or without a script: first what asks, from where and for what, then a decision. */
export function devicePages(router: Router, ports: WebPorts, assets: Assets): void {
  router.get('/device', async (req, res) => {
    const who = ports.signedIn(req);
    if (who === null) return leave(req, res, ports);
    const code = typeof req.query.code === 'string' ? req.query.code.slice(0, 40) : '';
    const page = { ports, assets, reader: readerOf(req, who, ports), who };
    await (code === '' ? send(req, res, { kind: 'ask', code }, page) : show(req, res, code, page));
  });
  router.post('/device', formBody, async (req, res) => {
    const who = ports.signedIn(req);
    if (who === null) return leave(req, res, ports);
    await decide(req, res, { ports, assets, reader: readerOf(req, who, ports), who });
  });
}

interface Page {
  readonly ports: WebPorts;
  readonly assets: Assets;
  readonly reader: Reader;
  readonly who: SignedIn;
}

function leave(req: Request, res: Response, { basePath }: WebPorts): void {
  const code = typeof req.query.code === 'string' ? `?code=${encodeURIComponent(req.query.code)}` : '';
  res.redirect(303, `${basePath}/sign-in?next=${encodeURIComponent(`/device${code}`)}`);
}

async function show(req: Request, res: Response, code: string, page: Page, failed?: Told): Promise<void> {
  const [login, me] = await Promise.all([
    page.ports.api(req, { method: 'GET', path: pathOf(code) }),
    page.ports.api(req, { method: 'GET', path: '/me' }),
  ]);
  const told = failed === undefined ? {} : { failed };
  if (login.status < 400 && me.status < 400)
    return send(req, res, { kind: 'confirm', login: login.body, me: me.body, ...told }, page);
  await send(req, res, { kind: 'ask', code, failed: failureOf(login, code, page) }, page);
}

async function decide(req: Request, res: Response, page: Page): Promise<void> {
  const code = fieldOf(req, 'code');
  const csrf = fieldOf(req, 'csrf');
  const wish = fieldOf(req, 'do') === 'approve' ? 'approve' : 'deny';
  const call = { method: 'POST', path: `${pathOf(code)}/${wish}`, csrf } as const;
  const answer = await page.ports.api(req, wish === 'deny' ? call : { ...call, body: approval(req) });
  if (answer.status < 400) return send(req, res, { kind: wish === 'approve' ? 'approved' : 'denied' }, page);
  await show(req, res, code, page, failureOf(answer, code, page));
}

function approval(req: Request): Record<string, unknown> {
  const [password, code] = [fieldOf(req, 'password'), fieldOf(req, 'factor').trim()];
  const ttlMs = Number(fieldOf(req, 'ttl'));
  return {
    ...(password === '' ? {} : { password }),
    ...(code === '' ? {} : { code }),
    ...(Number.isSafeInteger(ttlMs) && ttlMs > 0 ? { ttlMs } : {}),
  };
}

const pathOf = (code: string): string => `/me/device/${encodeURIComponent(code.trim() || '-')}`;

/** Refusals that a person at this page can do something about; others are told in the words of the API. */
function failureOf({ body }: ApiAnswer, code: string, { reader: { say, language }, ports }: Page): Told {
  const problem: ProblemBody = body;
  switch (problem.type.split('/').at(-1)) {
    case 'not-found':
      return { cause: say('device.unknown'), mend: say('device.unknownMend') };
    case 'too-many-requests':
      return { cause: say('signin.slow'), mend: say('device.slowMend') };
    case 'wrong-sign-in':
    case 'code-needed':
      return { cause: say('device.wrong'), mend: say('signin.mend') };
    case 'sign-in-again': {
      const again = `/sign-in/oidc?next=${encodeURIComponent(`/device?code=${encodeURIComponent(code)}`)}`;
      return { cause: say('device.stale'), mend: '', ...(ports.signOn === null ? {} : { again }) };
    }
    default:
      return problemWords(problem, language);
  }
}

async function send(req: Request, res: Response, shown: Shown, { assets, reader, who }: Page): Promise<void> {
  const model = {
    lang: reader.language === 'zh' ? 'zh-CN' : 'en',
    theme: themeOf(cookiesOf(req)),
    base: reader.base,
    sprite: assets.sprite,
    csrf: who.csrf,
    user: who.user,
    otherLanguage: reader.language === 'zh' ? 'English' : '简体中文',
    ...(shown.kind === 'confirm' ? deviceView(shown.login, shown.me, reader) : {}),
    code: 'code' in shown ? shown.code : 'login' in shown ? shown.login.userCode : '',
    asks: shown.kind === 'ask',
    confirms: shown.kind === 'confirm',
    approved: shown.kind === 'approved',
    denied: shown.kind === 'denied',
    failed: 'failed' in shown ? shown.failed : undefined,
  };
  const data = { say: reader.say, base: reader.base, assets: assets.names };
  res
    .status(model.failed === undefined ? 200 : 422)
    .type('html')
    .send(assets.render('pages/device', model, data));
}
