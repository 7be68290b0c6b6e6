import type { Request } from 'express';
import type { Assets } from './assets.ts';
import { cookiesOf, localPath, themeOf } from './request.ts';
import { languageOf, sayIn } from './view/say.ts';

/** The sign-in page: no fleet, no names, nothing an anonymous reader should not see. */
export function signInPage(req: Request, basePath: string, assets: Assets): string {
  const cookies = cookiesOf(req);
  const language = languageOf(cookies.fv_language, req.get('accept-language'));
  const says = typeof req.query.says === 'string' ? req.query.says.slice(0, 200) : '';
  const model = {
    lang: language === 'zh' ? 'zh-CN' : 'en',
    theme: themeOf(cookies),
    base: basePath,
    sprite: assets.sprite,
    host: req.get('host') ?? '',
    next: localPath(req.query.next),
    says,
    beats: BEATS,
    otherLanguage: language === 'zh' ? 'English' : '简体中文',
  };
  return assets.render('pages/sign-in', model, {
    say: sayIn(language),
    base: basePath,
    assets: assets.names,
  });
}

/** Beats of a healthy fleet with a few short ones: 44 along a line that repeats. */
const SHORT: Readonly<Record<number, number>> = { 1: 26, 10: 31, 13: 24, 25: 29, 31: 22, 38: 31, 40: 26 };
const BEATS = Array.from({ length: 44 }, (_, at) => ({
  x: 8 + at * 23.5,
  height: SHORT[at] ?? 39,
  y: 63 - (SHORT[at] ?? 39),
}));
