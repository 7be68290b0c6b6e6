import type { Request, Response } from 'express';
import type { Plan } from '../api/contract.ts';
import { fieldOf } from './form-body.ts';
import { typedWord } from './view/plan.ts';
import { wishOf } from './view/plan-page.ts';
import { problemWords } from './view/problem-words.ts';
import type { Reader } from './view/reader.ts';
import type { WebPorts } from './web-ports.ts';

type Words = { readonly cause: string; readonly mend: string };

/** Carries out what a plan page showed, exactly that, by the API; words: why it was not. */
export async function act(
  req: Request,
  res: Response,
  { api, basePath }: Pick<WebPorts, 'api' | 'basePath'>,
  { say, language }: Pick<Reader, 'say' | 'language'>,
): Promise<Words | null> {
  const wish = wishOf(formParams(req));
  if (wish === null) return { cause: say('plan.needs'), mend: '' };
  const csrf = fieldOf(req, 'csrf');
  const planned = await api(req, { method: 'POST', path: '/plans', body: wish, csrf });
  if (planned.status >= 400) return problemWords(planned.body, language);
  const plan: Plan = planned.body;
  const wanted = typedWord(plan);
  if (wanted !== null && fieldOf(req, 'word').trim() !== wanted)
    return { cause: say('plan.wrongWord'), mend: say('plan.wrongWordMend', { word: wanted }) };
  const confirm = plan.confirm === undefined ? {} : { confirm: plan.confirm };
  const begun = await api(req, { method: 'POST', path: '/actions', body: { ...wish, ...confirm }, csrf });
  if (begun.status >= 400) return problemWords(begun.body, language);
  res.redirect(303, `${basePath}/actions/${encodeURIComponent(begun.body.id)}`);
  return null;
}

/** The form as the address of its plan has it, so that the plan can be shown again. */
export function formParams(req: Request): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of ['do', 'only', 'signal'] as const) {
    const value = fieldOf(req, name).replaceAll('\r\n', '\n');
    if (value !== '') params.set(name, value);
  }
  return params;
}
