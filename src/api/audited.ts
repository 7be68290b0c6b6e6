import type { Request, Response } from 'express';
import type { Visitor } from '../accounts/accounts.ts';
import type { AuditTrail, Deed, Doer, Effect } from '../accounts/audit-trail.ts';
import { ApiProblem } from './problems.ts';
import type { Route } from './route.ts';

const effects = new WeakMap<Request, Effect>();

/** Says what a change is about, and what was before and after it, for the row that ends it. */
export function note(req: Request, effect: Effect): void {
  effects.set(req, { ...effects.get(req), ...effect });
}

export function doerOf(req: Request, visitor: Visitor | null): Doer {
  const address = req.ip ?? '';
  if (visitor === null) return { actor: '', way: 'api', address };
  if (visitor.by === 'session') return { actor: visitor.person.name, way: 'page', address };
  const program = req.headers['user-agent']?.startsWith('fleetvisor-cli') ? 'cli' : 'api';
  return { actor: visitor.person.name, way: `${program} ${visitor.tokenId}`, address };
}

export function deedOf(req: Request, route: Route): Deed {
  const what = `${route.method.toUpperCase()} ${route.path}`;
  const detail: unknown = 'kept' in route && route.kept !== undefined ? route.kept(req.body) : req.body;
  return { what, target: Object.values(req.params).join('/'), detail };
}

/** Writes the row before the change, refusing the change when that fails, and the one with its outcome after it. */
export function audited(
  req: Request,
  res: Response,
  route: Route,
  visitor: Visitor,
  audit: AuditTrail,
): void {
  const doer = doerOf(req, visitor);
  const deed = deedOf(req, route);
  const begun = begin(() => audit.begin(doer, deed));
  afterwards(req, res, (outcome, effect) => audit.end(begun, doer, deed, outcome, effect));
}

/** Of routes that look at passwords: who they are is known only afterwards. */
export function auditedSignIn(req: Request, res: Response, route: Route, audit: AuditTrail): void {
  afterwards(req, res, (outcome, effect) => {
    const user: unknown = req.body?.user;
    const doer = { ...doerOf(req, null), actor: typeof user === 'string' ? user.slice(0, 200) : '' };
    const deed = { ...deedOf(req, route), detail: undefined };
    if (res.statusCode < 400) audit.end(null, doer, deed, outcome, effect);
    else audit.refused(doer, deed, outcome, 'stranger');
  });
}

function afterwards(req: Request, res: Response, write: (outcome: string, effect: Effect) => void): void {
  res.once('close', () => {
    const problem: unknown = res.locals.problem;
    const done = typeof problem === 'string' ? problem : 'done';
    const outcome = res.writableFinished ? `${res.statusCode} ${done}` : 'the asker left before the answer';
    try {
      write(outcome, effects.get(req) ?? {});
    } catch (error) {
      res.locals.bug?.(error);
    }
  });
}

function begin<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new ApiProblem('not-audited', { detail: error instanceof Error ? error.message : String(error) });
  }
}
