import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { type Accounts, type Proof, sameSecret, type Visitor } from '../accounts/accounts.ts';
import type { AuditTrail } from '../accounts/audit-trail.ts';
import { isOwnOrigin } from '../accounts/origin.ts';
import { mayI } from '../accounts/rights.ts';
import { readSessionCookie } from '../accounts/session-cookie.ts';
import { audited, auditedSignIn, deedOf, doerOf } from './audited.ts';
import { checkAnswers } from './check-answer.ts';
import { ApiProblem, type ApiProblemKind } from './problems.ts';
import type { Gates } from './rates.ts';
import { read } from './read.ts';
import type { Described, GuardedRoute, OpenRoute, Route } from './route.ts';

export interface GuardPorts {
  readonly accounts: Accounts;
  readonly trustedProxies: number;
  readonly audit: AuditTrail;
  /** Waits while another program holds the database locked; false when it takes too long. */
  readonly unlocked: () => Promise<boolean>;
  /** In tests: an answer that is not as the route describes it is a bug. */
  readonly answers?: 'checked';
}

const MOST_BODY = '2mb';
/** Of somebody who is nobody yet. */
const MOST_OF_STRANGERS = '16kb';

/** Everything that stands in front of a route, in order: who, whether they may, where from, then the body. */
export function guarded(route: Route, ports: GuardPorts, gates: Gates): RequestHandler[] {
  const limit = route.right === 'anyone' ? MOST_OF_STRANGERS : (route.mostBody ?? MOST_BODY);
  const body = route.method === 'get' ? [] : [requireJson, express.json({ limit })];
  return route.right === 'anyone'
    ? [ownOrigin(ports), ...gates(route), ...body, open(route, ports)]
    : [signedIn(route, ports), ...gates(route), ...body, run(route, ports)];
}

/** What a request proves itself with; a bearer token goes before a cookie. */
export function proofOf(req: Request): Proof | null {
  const bearer = /^Bearer (\S{1,200})$/i.exec(req.headers.authorization ?? '');
  if (bearer?.[1] !== undefined) return { kind: 'bearer', value: bearer[1] };
  const cookie = readSessionCookie(req.headers.cookie, req.secure ? 'https' : 'http');
  return cookie === null ? null : { kind: 'cookie', value: cookie };
}

const visitors = new WeakMap<Request, { visitor: Visitor; proof: Proof }>();

/** Of a request that was let in. */
export const personIn = (req: Request): string => visitors.get(req)?.visitor.person.userId ?? '';

function signedIn(route: GuardedRoute, { accounts, trustedProxies, audit }: GuardPorts): RequestHandler {
  return (req, _res, next) => {
    const proof = proofOf(req);
    const visitor = accounts.visitor(proof);
    const refuse = (kind: ApiProblemKind): never => {
      // Strangers who only look leave no row: nothing of them is known, and nothing was to be changed.
      if (visitor !== null || route.method !== 'get')
        audit.refused(
          doerOf(req, visitor),
          deedOf(req, route),
          kind,
          visitor === null ? 'stranger' : 'person',
        );
      throw new ApiProblem(kind);
    };
    if (proof === null || visitor === null) return refuse('not-signed-in');
    if (!mayI(visitor.person, route.right)) return refuse('not-allowed');
    if (req.method !== 'GET' && visitor.by === 'session' && !isOwnPage(req, visitor.csrf, trustedProxies))
      return refuse('foreign-origin');
    accounts.touch(proof);
    visitors.set(req, { visitor, proof });
    next();
  };
}

function isOwnPage(req: Request, csrf: string, trustedProxies: number): boolean {
  const given = req.headers['x-csrf-token'];
  return typeof given === 'string' && sameSecret(given, csrf) && isOwnOrigin(req.headers, trustedProxies);
}

function ownOrigin({ trustedProxies }: GuardPorts): RequestHandler {
  return (req, _res, next) => {
    if (req.method !== 'GET' && !isOwnOrigin(req.headers, trustedProxies))
      throw new ApiProblem('foreign-origin');
    next();
  };
}

function requireJson(req: Request, _res: Response, next: NextFunction): void {
  const hasBody =
    req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (hasBody && !req.is('application/json')) throw new ApiProblem('not-json');
  next();
}

function open(route: OpenRoute, { audit, answers, unlocked }: GuardPorts): RequestHandler {
  return async (req, res) => {
    if (route.method !== 'get' && route.changes !== 'nothing') {
      await orLocked(unlocked);
      auditedSignIn(req, res, route, audit);
    }
    if (answers === 'checked') checkAnswers(res, route);
    return route.run({ req, res, ...wished(route, req) });
  };
}

function run(route: GuardedRoute, { audit, answers, unlocked }: GuardPorts): RequestHandler {
  return async (req, res) => {
    const known = visitors.get(req);
    if (known === undefined) throw new ApiProblem('not-signed-in');
    if (route.method !== 'get' && route.changes !== 'nothing') {
      await orLocked(unlocked);
      audited(req, res, route, known.visitor, audit);
    }
    if (answers === 'checked') checkAnswers(res, route);
    return route.run({ req, res, ...known, ...wished(route, req) });
  };
}

async function orLocked(unlocked: () => Promise<boolean>): Promise<void> {
  if (!(await unlocked()))
    throw new ApiProblem('not-audited', { detail: 'Another program holds the database of the hub locked.' });
}

/** What is asked for, read with the row's own schemas: nothing else of a query or a body reaches a route. */
function wished({ query, body }: Described, req: Request): { query: unknown; body: unknown } {
  return {
    query: query === undefined ? undefined : read(query, { ...req.query }, 'query'),
    body: body === undefined ? undefined : read(body, req.body),
  };
}
