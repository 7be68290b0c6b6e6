import type { GrantView, UserMade } from '../../src/api/contract.ts';
import type { Answer, TestHub } from './hub.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Somebody signed in to a test hub, or not. */
export interface Somebody {
  readonly name: string;
  readonly id: string;
  readonly password: string;
  readonly headers: Readonly<Record<string, string>>;
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
}

export async function addUser(
  hub: TestHub,
  name: string,
  ...grants: readonly GrantView[]
): Promise<{ id: string; password: string }> {
  const { status, body } = await hub.ask('POST', '/users', { name, grants });
  if (status !== 201) throw new Error(JSON.stringify(body));
  const made = body as UserMade;
  return { id: made.user.id, password: made.password ?? '' };
}

export async function signIn(
  hub: TestHub,
  user: string,
  password: string,
  more = {},
): Promise<Answer & Session> {
  const body = JSON.stringify({ user, password, ...more });
  const res = await hub.raw('POST', '/api/v1/session', JSON_TYPE, body);
  const answer = (await res.json()) as { csrf?: string };
  const cookie = res.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { status: res.status, body: answer, cookie, csrf: answer.csrf ?? '' };
}

interface Session {
  readonly cookie: string;
  readonly csrf: string;
}

/** A new user with these grants, signed in with a session. */
export async function somebody(
  hub: TestHub,
  name: string,
  ...grants: readonly GrantView[]
): Promise<Somebody> {
  const { id, password } = await addUser(hub, name, ...grants);
  const { cookie, csrf } = await signIn(hub, name, password);
  const headers = { cookie, 'x-csrf-token': csrf, ...JSON_TYPE };
  return { name, id, password, headers, ask: asker(hub, headers) };
}

export async function newToken(hub: TestHub, user: string, password: string, more = {}): Promise<string> {
  const body = JSON.stringify({ user, password, ...more });
  const res = await hub.raw('POST', '/api/v1/tokens', JSON_TYPE, body);
  const { token } = (await res.json()) as { token?: string };
  if (token === undefined) throw new Error(`no token: ${res.status}`);
  return token;
}

/** Asks with these headers alone. */
export function asker(hub: TestHub, headers: Readonly<Record<string, string>>): Somebody['ask'] {
  return async (method, path, body) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const res = await hub.raw(method, `/api/v1${path}`, { ...headers }, text);
    const answer = await res.text();
    const isJson =
      /json/.test(res.headers.get('content-type') ?? '') &&
      !/ndjson/.test(res.headers.get('content-type') ?? '');
    return { status: res.status, body: isJson && answer !== '' ? JSON.parse(answer) : answer };
  };
}
