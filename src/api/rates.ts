import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { ApiProblem } from './problems.ts';
import type { Route } from './route.ts';

/** How much one person from one address may ask for in a minute, of what costs. */
export interface Rates {
  readonly changes: number;
  readonly expensive: number;
}

/** Far beyond what people and their scripts do; a loop that went wrong comes to it. */
export const RATES: Rates = { changes: 1_200, expensive: 240 };

const WINDOW_MS = 60_000;
const TRIES_PER_MINUTE = 60;

export type Gates = (route: Route) => readonly RequestHandler[];

/** What counts the requests to a route, in front of it; all routes of a kind count together. */
export function rateGates(rates: Rates, personOf: (req: Request) => string): Gates {
  const changes = gate('changes', rates.changes, personOf);
  const expensive = gate('expensive', rates.expensive, personOf);
  return (route) => {
    if (route.right === 'anyone') return route.limited ? [gate('tries', TRIES_PER_MINUTE, () => '')] : [];
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
