import type { Request, Response, Router } from 'express';
import { type OpenApiDocument, PROBLEM_PAGES, REFERENCE } from '../api/contract.ts';
import type { Assets } from './assets.ts';
import type { WebPorts } from './pages.ts';
import { cookiesOf, themeOf } from './request.ts';
import { reference } from './view/reference/reference.ts';
import { languageOf, sayIn } from './view/say.ts';

const LONGEST_TEXT = 200;

/** The reference of the API, and a page for each problem. Open to anyone: it holds nothing of this fleet. */
export function referencePages(router: Router, ports: WebPorts, assets: Assets): void {
  const { basePath } = ports;
  let known: OpenApiDocument | null = null;
  const described = async (req: Request): Promise<OpenApiDocument> => {
    known ??= (await ports.api(req, { method: 'GET', path: '/openapi.json' })).body;
    if (known === null) throw new Error('the API does not describe itself');
    return known;
  };
  router.get('/api', (_req, res) => void res.redirect(302, `${basePath}${REFERENCE}`));
  router.get(REFERENCE, async (req, res) => {
    const text = typeof req.query.text === 'string' ? req.query.text.slice(0, LONGEST_TEXT).trim() : '';
    const hub = `${req.protocol}://${req.get('host') ?? ''}${basePath}`;
    const model = reference(await described(req), hub, text);
    draw(req, res, 'pages/reference', model, { assets, basePath });
  });
  router.get(`${PROBLEM_PAGES}/:slug`, async (req, res) => {
    const problems = (await described(req))['x-problems'];
    const problem = problems.find(({ slug }) => slug === req.params.slug);
    if (problem === undefined) res.status(404);
    draw(req, res, 'pages/problem', { problem, slug: req.params.slug, problems }, { assets, basePath });
  });
}

function draw(
  req: Request,
  res: Response,
  page: string,
  model: object,
  { assets, basePath }: { readonly assets: Assets; readonly basePath: string },
): void {
  const cookies = cookiesOf(req);
  const language = languageOf(cookies.fv_language, req.get('accept-language'));
  const around = {
    lang: language === 'zh' ? 'zh-CN' : 'en',
    theme: themeOf(cookies),
    base: basePath,
    sprite: assets.sprite,
    otherLanguage: language === 'zh' ? 'English' : '简体中文',
  };
  const data = { say: sayIn(language), base: basePath, assets: assets.names };
  const main = assets.render(page, model, data);
  res.type('html').send(assets.render('layouts/reference', { ...around, main }, data));
}
