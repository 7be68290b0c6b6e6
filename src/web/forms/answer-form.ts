import type { Request, Response } from 'express';
import { answerPage, readerOf } from '../answer-page.ts';
import type { Assets } from '../assets.ts';
import { readMultipart, type SentForm } from '../multipart.ts';
import { backFrom, hubAddress } from '../request.ts';
import { keepSaid } from '../said.ts';
import { problemWords } from '../view/problem-words.ts';
import type { Reader } from '../view/reader.ts';
import { worldOf } from '../view/world.ts';
import type { ApiAnswer, WebPorts } from '../web-ports.ts';
import { backOf, type FormAsk, type FormPage, NotDone, type PlainForm } from './form.ts';
import { formView } from './form-view.ts';
import { formNamed } from './forms.ts';

/** Shows a form; there is none for whoever may not send it. */
export async function showForm(req: Request, res: Response, ports: WebPorts, assets: Assets): Promise<void> {
  const asked = formFor(req, ports, { fields: new URL(req.url, 'http://hub').searchParams, file: null });
  if (asked === null) return answerPage(req, res, ports, assets);
  const { form, name, ask } = asked;
  const page = await trying(async () => (await form.page?.(ask)) ?? null);
  const shown = page instanceof NotDone ? refusedPage(page, ask) : page;
  if (shown === null) return answerPage(req, res, ports, assets);
  const status = page instanceof NotDone ? page.status : 200;
  return answerPage(req, res, ports, assets, { status, page: formView(shown, { name, form, ask }) });
}

/** Carries out what a form says by the API; what was not done is said where it was typed. */
export async function sendForm(req: Request, res: Response, ports: WebPorts, assets: Assets): Promise<void> {
  const asked = formFor(req, ports, sentBy(req), res);
  if (asked === null) return void res.redirect(303, `${ports.basePath}${req.path}`);
  const { form, name, ask } = asked;
  const sent = await trying(async () => (await form.send?.(ask)) ?? null);
  if (sent === null) return void res.redirect(303, `${ports.basePath}${req.path}`);
  if (!(sent instanceof NotDone) && sent.kind === 'done') {
    keepSaid(res, sent.said, ports.basePath);
    return void res.redirect(303, `${ports.basePath}${sent.to ?? backOf(form, ask)}`);
  }
  if (!(sent instanceof NotDone))
    return answerPage(req, res, ports, assets, {
      status: 200,
      page: formView(sent.page, { name: sent.page.next ?? name, form, ask }),
    });
  const again = await trying(async () => (await form.page?.(ask)) ?? null);
  const page = again === null || again instanceof NotDone ? refusedPage(sent, ask) : again;
  const view = formView(page, { name, form, ask, problem: sent.words, refused: sent.problem });
  return answerPage(req, res, ports, assets, { status: sent.status, page: view });
}

interface Asked {
  readonly name: string;
  readonly form: PlainForm;
  readonly ask: FormAsk;
}

function formFor(req: Request, ports: WebPorts, { fields, file }: SentForm, res?: Response): Asked | null {
  const who = ports.signedIn(req);
  const name = String(req.params.name);
  const form = formNamed(name);
  if (who === null || form === null) return null;
  const reader = readerOf(req, who, ports);
  if (form.right !== null && !reader.may(form.right)) return null;
  const ask: FormAsk = {
    of: fields.get('of') ?? '',
    given: fields,
    file,
    from: backFrom(req, ports.basePath),
    address: hubAddress(req, ports.basePath),
    reader,
    world: worldOf(ports.fleet(req)),
    async call(method, path, body) {
      const version = fields.get('version') ?? '';
      const answer = await ports.api(req, {
        method,
        path,
        ...(body === undefined ? {} : { body }),
        ...(method === 'GET' ? {} : { csrf: fields.get('csrf') ?? '' }),
        ...(method === 'PATCH' && version !== '' ? { ifMatch: version } : {}),
      });
      for (const cookie of answer.cookies) res?.append('set-cookie', cookie);
      if (answer.status >= 400) throw notDone(answer, reader);
      return answer.body;
    },
    versionOf: async (path) => (await ports.api(req, { method: 'GET', path })).etag ?? '',
  };
  return { name, form, ask };
}

function notDone({ status, body }: ApiAnswer, { say, language }: Reader): NotDone {
  const { cause, mend } = problemWords(body, language);
  return new NotDone(status, { cause, mend: status === 412 ? say('forms.changedMend') : mend }, body);
}

async function trying<T>(what: () => Promise<T>): Promise<T | NotDone> {
  try {
    return await what();
  } catch (error) {
    if (error instanceof NotDone) return error;
    throw error; // a bug, not an answer
  }
}

function refusedPage({ words }: NotDone, { reader }: FormAsk): FormPage {
  return {
    icon: 'x',
    title: reader.say('forms.notDone'),
    above: 'refused',
    model: { words },
  };
}

/** Fields by name, as often as they were sent. */
function sentBy(req: Request): SentForm {
  if (Buffer.isBuffer(req.body))
    return (
      readMultipart(req.get('content-type') ?? '', req.body) ?? { fields: new URLSearchParams(), file: null }
    );
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries<unknown>(Object(req.body)))
    for (const one of [value].flat()) fields.append(name, String(one));
  return { fields, file: null };
}
