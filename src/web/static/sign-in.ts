import { API_ROOT, type SignIn } from '../../api/contract.ts';
import { personalRefusal } from '../view/sign-in-words.ts';
import { listenForDoing } from './doers.ts';
import { byId } from './dom.ts';
import { remember, root, say } from './page-root.ts';
import './theme.ts';

remember('zone', Intl.DateTimeFormat().resolvedOptions().timeZone);
listenForDoing();

const form = byId('sign-in');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (form instanceof HTMLFormElement) void signIn(form);
});

async function signIn(form: HTMLFormElement): Promise<void> {
  const given = new FormData(form);
  const who: SignIn = {
    user: String(given.get('user') ?? ''),
    password: String(given.get('password') ?? ''),
    ...(String(given.get('code') ?? '').trim() === '' ? {} : { code: String(given.get('code')).trim() }),
  };
  const button = form.querySelector('button');
  button?.setAttribute('aria-busy', 'true');
  const response = await fetch(`${root.base}${API_ROOT}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(who),
  }).catch(() => null);
  button?.removeAttribute('aria-busy');
  if (response?.ok) await response.arrayBuffer(); // leaving earlier would abort it
  if (response?.ok) return location.replace(`${root.base}${form.dataset.next ?? '/'}`);
  if (await asksForCode(response)) return;
  await tellWhy(response);
}

/** The second factor's field is shown to those who have one. */
async function asksForCode(response: Response | null): Promise<boolean> {
  const part = byId('code-part');
  if (response?.status !== 401 || !part.hidden) return false;
  const body: { type?: string } = await response
    .clone()
    .json()
    .catch(() => ({}));
  if (!body.type?.endsWith('/code-needed')) return false;
  part.hidden = false;
  byId('wrong').hidden = true;
  byId('code').focus();
  return true;
}

async function tellWhy(response: Response | null): Promise<void> {
  const [cause, mend] = await words(response);
  const box = byId('wrong');
  box.hidden = false;
  for (const [selector, text] of [
    ['b', cause],
    ['span', mend],
  ] as const) {
    const part = box.querySelector(selector);
    if (part !== null) part.textContent = text;
  }
  const password = byId('password');
  if (password instanceof HTMLInputElement) password.select();
}

async function words(response: Response | null): Promise<[string, string]> {
  const told: { type?: string; detail?: string } =
    (await response
      ?.clone()
      .json()
      .catch(() => ({}))) ?? {};
  const known = personalRefusal(told.type);
  if (known !== null) return [say(known.cause), `${say(known.mend)} ${told.detail ?? ''}`];
  if (response === null || response.status >= 500) return [say('signin.down'), say('signin.downMend')];
  if (response.status === 429)
    return [say('signin.slow'), say('signin.slowMend', { n: response.headers.get('retry-after') ?? '60' })];
  if (response.status === 401 || response.status === 403) return [say('signin.wrong'), say('signin.mend')];
  const body: { title?: string; detail?: string } = await response.json().catch(() => ({}));
  return [body.title ?? say('signin.wrong'), body.detail ?? ''];
}
