import type { Request, Response } from 'express';
import type { Accounts, SignInResult, Visitor } from '../../accounts/accounts.ts';
import { grantProblem } from '../../accounts/grant-problem.ts';
import type { KnownBrowser } from '../../accounts/known-browser.ts';
import { type Grant, type Person, type Role, rightsOf } from '../../accounts/rights.ts';
import { sessionCookie } from '../../accounts/session-cookie.ts';
import { note } from '../audited.ts';
import type { NewToken, SignedIn } from '../contract.ts';
import { newTokenMade, signedIn } from '../people-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type Answering, guardedRoute, openRoute, type Route } from '../route.ts';
import * as schemas from '../schemas.ts';

export interface SessionPorts {
  readonly accounts: Accounts;
  readonly sessionLongestMs: number;
}

export const SIGN_IN_PROBLEMS = [
  'wrong-sign-in',
  'code-needed',
  'no-role',
  'name-taken',
  'directory-unavailable',
  'too-many-requests',
  'unusable',
] as const;
export const TOKEN_TTL_MS = 90 * 24 * 3_600_000;

export function sessionRoutes({ accounts, sessionLongestMs }: SessionPorts): Route[] {
  return [
    openRoute({
      method: 'post',
      path: '/session',
      right: 'anyone',
      limited: true,
      says: 'Signs in: sets the session cookie, and tells the token to send with every change.',
      body: schemas.signIn,
      answers: { 200: signedIn },
      problems: SIGN_IN_PROBLEMS,
      async run({ req, res, body: { user, password, code } }) {
        const agent = req.headers['user-agent'] ?? '';
        const browser = browserOf(req, accounts);
        const result = await accounts.signIn(user, password, req.ip ?? '', { agent, code, browser });
        if (result.kind !== 'signed-in') throw refused(result);
        res.append('set-cookie', sessionCookie(result.cookie, schemeOf(req), sessionLongestMs));
        res.append('set-cookie', accounts.knownBrowserCookie(result.person, schemeOf(req)));
        res.json(presentPerson(result.person, result.csrf));
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/session',
      right: 'see-fleet',
      says: 'Tells who asks.',
      answers: { 200: signedIn },
      run: ({ res, visitor }) => void res.json(presentVisitor(visitor)),
    }),
    guardedRoute({
      method: 'delete',
      path: '/session',
      right: 'see-fleet',
      says: 'Signs out: ends the session, or the token it is asked with.',
      answers: { 204: 'nothing' },
      run({ req, res, proof }) {
        accounts.signOut(proof);
        endCookie(req, res);
        res.status(204).end();
      },
    }),
    openRoute({
      method: 'post',
      path: '/tokens',
      right: 'anyone',
      limited: true,
      says: 'Makes an API token for whoever proves themselves with a password.',
      body: schemas.newToken,
      answers: { 201: newTokenMade },
      problems: SIGN_IN_PROBLEMS,
      async run({ req, res, body: { user, password, code, ...wish } }) {
        const proven = await accounts.prove(user, password, req.ip ?? '', { code });
        if ('kind' in proven) throw refused(proven);
        giveToken({ req, res }, accounts, proven, wish);
      },
    }),
  ];
}

/** What a token may at most, as wished for; left out: all that its owner may. */
export interface LimitWish {
  readonly role?: Role | undefined;
  readonly scope?: string | undefined;
  readonly rights?: readonly string[] | undefined;
}

/** A new token as its owner gets it, this once. */
export function giveToken(
  { req, res }: Pick<Answering, 'req' | 'res'>,
  accounts: Accounts,
  { userId, name }: Person,
  { label, ttlMs, ...wish }: LimitWish & { readonly label: string; readonly ttlMs?: number | undefined },
): void {
  const limit = limitOf(wish);
  const problem = limit === null ? null : grantProblem([limit]);
  if (problem !== null) throw new ApiProblem('unusable', { problems: [{ ...problem, where: 'scope' }] });
  const body: NewToken = { ...accounts.newToken(userId, label, ttlMs ?? TOKEN_TTL_MS, limit), user: name };
  note(req, { target: body.id, after: { id: body.id, label, limit, expiresAtMs: body.expiresAtMs } });
  res.status(201).json(body);
}

/** What a token may at most; null: all that its owner may. */
export function limitOf({ role, scope, rights }: LimitWish): Grant | null {
  if (role === undefined && scope === undefined && rights === undefined) return null;
  const grant = { role: role ?? 'admin', scope: scope ?? '*' };
  return rights === undefined ? grant : { ...grant, rights };
}

export function presentVisitor(visitor: Visitor): SignedIn {
  return presentPerson(visitor.person, visitor.by === 'session' ? visitor.csrf : '');
}

export function presentPerson(person: Person, csrf: string): SignedIn {
  return { user: person.name, role: person.role, rights: rightsOf(person), csrf };
}

/** Why a password did not open anything. */
export function refused(result: Exclude<SignInResult, { kind: 'signed-in' }>): ApiProblem {
  switch (result.kind) {
    case 'wrong':
      return new ApiProblem('wrong-sign-in');
    case 'code-needed':
      return new ApiProblem('code-needed');
    case 'unusable':
      return new ApiProblem('unusable', { problems: [result.problem] });
    case 'unavailable':
      return new ApiProblem('directory-unavailable', { detail: result.says });
    case 'no-role':
      return new ApiProblem('no-role', { detail: result.groups.slice(0, 50).join(', ') });
    case 'taken':
      return new ApiProblem('name-taken', { detail: result.name });
    case 'bad-name':
      return new ApiProblem('unusable', {
        problems: [{ where: 'user', says: `${result.name} cannot be a name here` }],
      });
    case 'throttled':
      return new ApiProblem('too-many-requests', {
        detail: `wait ${Math.ceil(result.waitMs / 1_000)} s`,
        retryAfterMs: result.waitMs,
      });
    default:
      return result satisfies never;
  }
}

function endCookie(req: Request, res: Response): void {
  res.append('set-cookie', sessionCookie('', schemeOf(req), 0));
}

export const browserOf = (req: Request, accounts: Pick<Accounts, 'browserIn'>): KnownBrowser | null =>
  accounts.browserIn(req.headers.cookie, schemeOf(req));

export const schemeOf = (req: Request): 'https' | 'http' => (req.secure ? 'https' : 'http');
