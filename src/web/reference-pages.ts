import type { Request, Response, Router } from 'express';
import { type DescribedProblem, type OpenApiDocument, PROBLEM_PAGES, REFERENCE } from '../api/contract.ts';
import type { Assets } from './assets.ts';
import { cookiesOf, themeOf } from './request.ts';
import { type Reference, referenceOf } from './view/reference/reference.ts';
import { type Language, languageOf, sayIn } from './view/say.ts';
import type { WebPorts } from './web-ports.ts';

const LONGEST_TEXT = 200;

/** The reference of the API, and a page for each problem. Open to anyone: it holds nothing of this fleet. */
export function referencePages(router: Router, ports: WebPorts, assets: Assets): void {
  const { basePath } = ports;
  let known: { readonly problems: readonly DescribedProblem[]; readonly find: Reference } | null = null;
  const described = async (req: Request) => {
    if (known !== null) return known;
    const document: OpenApiDocument = (await ports.api(req, { method: 'GET', path: '/openapi.json' })).body;
    known = { problems: document['x-problems'], find: referenceOf(document) };
    return known;
  };
  const whole = new Map<Language, string>();
  router.get('/api', (_req, res) => void res.redirect(302, `${basePath}${REFERENCE}`));
  router.get(REFERENCE, async (req, res) => {
    const { find } = await described(req);
    const text = typeof req.query.text === 'string' ? req.query.text.slice(0, LONGEST_TEXT).trim() : '';
    const language = languageIn(req);
    const main = (text === '' && whole.get(language)) || mainOf(PAGE, find(text), language, ports, assets);
    if (text === '') whole.set(language, main);
    draw(req, res, main, { assets, basePath });
  });
  router.get(`${PROBLEM_PAGES}/:slug`, async (req, res) => {
    const { problems } = await described(req);
    const { slug } = req.params;
    const problem = problems.find((one) => one.slug === slug);
    if (problem === undefined) res.status(404);
    const main = mainOf(PROBLEM_PAGE, { problem, slug, problems }, languageIn(req), ports, assets);
    draw(req, res, main, { assets, basePath });
  });
}

const PAGE = 'pages/reference';
const PROBLEM_PAGE = 'pages/problem';

const languageIn = (req: Request): Language =>
  languageOf(cookiesOf(req).fv_language, req.get('accept-language'));

function mainOf(
  page: string,
  model: object,
  language: Language,
  { basePath }: WebPorts,
  assets: Assets,
): string {
  return assets.render(page, model, { say: sayIn(language), base: basePath, assets: assets.names });
}

function draw(
  req: Request,
  res: Response,
  main: string,
  { assets, basePath }: { readonly assets: Assets; readonly basePath: string },
): void {
  const language = languageIn(req);
  const around = {
    lang: language === 'zh' ? 'zh-CN' : 'en',
    theme: themeOf(cookiesOf(req)),
    base: basePath,
    sprite: assets.sprite,
    otherLanguage: language === 'zh' ? 'English' : '简体中文',
    main,
  };
  const data = { say: sayIn(language), base: basePath, assets: assets.names };
  res.type('html').send(assets.render('layouts/reference', around, data));
}
