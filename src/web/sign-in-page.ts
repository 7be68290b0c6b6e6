import type { Request } from 'express';
import type { Assets } from './assets.ts';
import type { MessageKey } from './messages/en.ts';
import { cookiesOf, localPath, themeOf } from './request.ts';
import { languageOf, sayIn } from './view/say.ts';

export interface SignInWords {
  readonly basePath: string;
  readonly assets: Assets;
  /** Of the button of single sign-on; null: there is none. */
  readonly label: string | null;
  /** After a plain form: what was typed, and whether the code of the second factor is asked for. */
  readonly again?: { readonly user: string; readonly next: string; readonly asksCode: boolean };
  /** Why somebody was not let in. */
  readonly failed?: { readonly cause: MessageKey; readonly mend: MessageKey; readonly detail: string };
}

/** The sign-in page: no fleet, no names, nothing an anonymous reader should not see. */
export function signInPage(req: Request, { basePath, assets, label, failed, again }: SignInWords): string {
  const says = typeof req.query.says === 'string' ? req.query.says.slice(0, 200) : '';
  const { say, language, ...around } = aroundFor(req, basePath, assets);
  const next = again?.next ?? localPath(req.query.next);
  const model = {
    ...around,
    host: req.get('host') ?? '',
    next,
    user: again?.user ?? '',
    asksCode: again?.asksCode ?? false,
    signOn: label === null ? null : { label, link: `/sign-in/oidc?${new URLSearchParams({ next })}` },
    failed:
      failed === undefined
        ? null
        : { cause: say(failed.cause), mend: say(failed.mend), detail: failed.detail },
    says,
    beats: BEATS,
    otherLanguage: language === 'zh' ? 'English' : '简体中文',
  };
  return assets.render('pages/sign-in', model, { say, base: basePath, assets: assets.names });
}

/** Goes on to `next` by itself. */
export function signedInPage(
  req: Request,
  { basePath, assets, next }: { readonly basePath: string; readonly assets: Assets; readonly next: string },
): string {
  const { say, ...around } = aroundFor(req, basePath, assets);
  return assets.render('pages/signed-in', { ...around, next }, { say, base: basePath, assets: assets.names });
}

function aroundFor(req: Request, base: string, { sprite }: Assets) {
  const cookies = cookiesOf(req);
  const language = languageOf(cookies.fv_language, req.get('accept-language'));
  const lang = language === 'zh' ? 'zh-CN' : 'en';
  return { language, lang, say: sayIn(language), theme: themeOf(cookies), base, sprite };
}

/** Beats of a healthy fleet with a few short ones: 44 along a line that repeats. */
const SHORT: Readonly<Record<number, number>> = { 1: 26, 10: 31, 13: 24, 25: 29, 31: 22, 38: 31, 40: 26 };
const BEATS = Array.from({ length: 44 }, (_, at) => ({
  x: 8 + at * 23.5,
  height: SHORT[at] ?? 39,
  y: 63 - (SHORT[at] ?? 39),
}));
