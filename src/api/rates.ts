import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { ApiProblem } from './problems.ts';
import type { Route } from './route.ts';

/** How much may be asked for in a minute, of what costs. */
export interface Rates {
  /** By one person from one address. */
  readonly changes: number;
  readonly expensive: number;
  /** By one address, or one known browser there, of each way to sign in. */
  readonly signIns: number;
}

const WINDOW_MS = 60_000;

export type Gates = (route: Route) => readonly RequestHandler[];

/** What counts the requests to a route, in front of it; all routes of a kind count together. */
export function rateGates(
  rates: Rates,
  personOf: (req: Request) => string,
  browserOf: (req: Request) => string,
): Gates {
  const changes = gate('changes', rates.changes, personOf);
  const expensive = gate('expensive', rates.expensive, personOf);
  return (route) => {
    if (route.right === 'anyone') return route.limited ? [gate('tries', rates.signIns, browserOf)] : [];
    if (route.cost === 'expensive') return [expensive];
    return route.method === 'get' || route.changes === 'nothing' ? [] : [changes];
  };
}

function gate(identifier: string, limit: number, personOf: (req: Request) => string): RequestHandler {
  return rateLimit({
    identifier,
    limit,
    windowMs: WINDOW_MS,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (req) => `${personOf(req)} ${ipKeyGenerator(req.ip ?? '')}`,
    // It has set `retry-after` already.
    handler: () => {
      throw new ApiProblem('too-many-requests', { detail: `at most ${limit} in ${WINDOW_MS / 1_000} s` });
    },
  });
}
