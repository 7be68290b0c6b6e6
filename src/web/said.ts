import type { Request, Response } from 'express';
import type { SaidLine } from './forms/form.ts';
import { en, type MessageKey } from './messages/en.ts';
import { cookiesOf } from './request.ts';
import type { Say, Values } from './view/say.ts';

const COOKIE = 'fv_said';
/** As long as it takes to follow a redirect. */
const LIFE_MS = 60_000;

/** Keeps a line for the page the browser is sent to. Names alone: nothing secret belongs here. */
export function keepSaid(res: Response, said: SaidLine, basePath: string): void {
  const options = { path: basePath || '/', maxAge: LIFE_MS, sameSite: 'strict', httpOnly: true } as const;
  res.cookie(COOKIE, JSON.stringify(said), { ...options, secure: res.req.secure });
}

/** The line that was kept, once; null: none, or not one of ours. */
export function takeSaid(req: Request, res: Response, basePath: string, say: Say) {
  const kept = cookiesOf(req)[COOKIE];
  if (kept === undefined) return null;
  res.clearCookie(COOKIE, { path: basePath || '/' });
  const said = parsed(kept);
  if (said === null) return null;
  const { undo } = said;
  const label = undo === undefined ? '' : say(undo.label);
  return { says: say(said.key, said.values), undo: undo === undefined ? null : { ...undo, label } };
}

function parsed(text: string): SaidLine | null {
  try {
    const { key, values, undo }: Record<string, unknown> = Object(JSON.parse(text));
    if (!isKey(key)) return null;
    return { key, values: valuesIn(values), ...undoIn(undo) };
  } catch {
    return null; // not ours: somebody wrote it by hand
  }
}

const isKey = (key: unknown): key is MessageKey => typeof key === 'string' && Object.hasOwn(en, key);

function valuesIn(values: unknown): Values {
  const known: Record<string, string | number> = Object.create(null);
  for (const [name, value] of Object.entries(Object(values)))
    if (typeof value === 'string' || typeof value === 'number') known[name] = value;
  return known;
}

function undoIn(undo: unknown): Pick<SaidLine, 'undo'> {
  const { form, of, label }: Record<string, unknown> = Object(undo);
  const whole = typeof form === 'string' && /^[a-z-]+$/.test(form) && typeof of === 'string' && isKey(label);
  return whole ? { undo: { form, of, label } } : {};
}
