import { type Request, type Response, Router } from 'express';
import { sameSecret } from '../accounts/accounts.ts';
import type { SignedIn } from '../api/contract.ts';
import { act, formParams } from './act.ts';
import { answerPage, readerOf } from './answer-page.ts';
import type { Assets } from './assets.ts';
import { fieldOf, formBody, formWithFile } from './form-body.ts';
import { sendForm, showForm } from './forms/answer-form.ts';
import type { MessageKey } from './messages/en.ts';
import { backFrom, localPath } from './request.ts';
import { signInPage } from './sign-in-page.ts';
import { personalRefusal } from './view/sign-in-words.ts';
import type { WebPorts } from './web-ports.ts';

const YEAR_MS = 31_536_000_000;
/** What a form may set as a cookie, and the values it may take. */
const PREFERENCES = {
  language: /^(en|zh)$/,
  theme: /^(light|dark|system)$/,
  zone: /^[\w+/-]{0,60}$/,
} as const;
const COOKIES = { language: 'fv_language', theme: 'fv_theme', zone: 'fv_own_zone' } as const;

/** Forms that work without a script: each does what its script would, by the same API. */
export function plainForms(ports: WebPorts, assets: Assets): Router {
  const router = Router();
  router.post('/sign-in', formBody, (req, res) => signIn(req, res, ports, assets));
  router.post('/act', formBody, async (req, res) => {
    const who = ports.signedIn(req);
    const failed = who === null ? null : await act(req, res, ports, readerOf(req, who, ports));
    if (who === null) return void res.redirect(303, `${ports.basePath}/sign-in`);
    if (failed !== null)
      await answerPage(req, res, ports, assets, {
        path: '/plan',
        params: formParams(req),
        failed,
        status: 422,
      });
  });
  router.get('/forms/:name', (req, res) => showForm(req, res, ports, assets));
  router.post('/forms/:name', formBody, formWithFile, (req, res) => sendForm(req, res, ports, assets));
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

/** As the script of the sign-in page does it, by the same route. */
async function signIn(req: Request, res: Response, ports: WebPorts, assets: Assets): Promise<void> {
  const [user, password, code] = [
    fieldOf(req, 'user'),
    fieldOf(req, 'password'),
    fieldOf(req, 'code').trim(),
  ];
  const body = { user, password, ...(code === '' ? {} : { code }) };
  const answer = await ports.api(req, { method: 'POST', path: '/session', body });
  for (const cookie of answer.cookies) res.append('set-cookie', cookie);
  const next = localPath(fieldOf(req, 'next'));
  if (answer.status < 400) return void res.redirect(303, `${ports.basePath}${next}`);
  const asksCode = String(answer.body?.type).endsWith('/code-needed');
  const known = personalRefusal(answer.body?.type);
  const { cause, mend } = known ?? SIGN_IN_WORDS[answer.status] ?? SIGN_IN_WORDS[401];
  const detail = known === null ? '' : String(answer.body?.detail ?? '');
  const page = signInPage(req, {
    basePath: ports.basePath,
    assets,
    label: ports.signOn?.label ?? null,
    again: { user, next, asksCode },
    ...(asksCode ? {} : { failed: { cause, mend, detail } }),
  });
  res.status(answer.status).type('html').send(page);
}

const SIGN_IN_WORDS: Readonly<Record<number, { cause: MessageKey; mend: MessageKey }>> & {
  401: { cause: MessageKey; mend: MessageKey };
} = {
  401: { cause: 'signin.wrong', mend: 'signin.mend' },
  429: { cause: 'signin.slow', mend: 'signin.slowWait' },
  503: { cause: 'signin.down', mend: 'signin.downMend' },
};

const isOwnForm = (req: Request, { csrf }: SignedIn): boolean => sameSecret(fieldOf(req, 'csrf'), csrf);

function setPreferences(req: Request, res: Response, basePath: string): void {
  for (const name of ['language', 'theme', 'zone'] as const) {
    const value: unknown = req.body?.[name];
    if (typeof value !== 'string' || !PREFERENCES[name].test(value)) continue;
    const options = { path: basePath || '/', maxAge: YEAR_MS, sameSite: 'lax', secure: req.secure } as const;
    res.cookie(COOKIES[name], value, options);
  }
}
