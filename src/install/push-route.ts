import express, { type ErrorRequestHandler, type RequestHandler, type Response, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import { API_ROOT, PROBLEM_PAGES, type ProblemBody } from '../api/contract.ts';

export interface PushPorts {
  /** The host a token belongs to; null for a token that is none. */
  hostOf(token: string): string | null;
  /** The host told by itself: with `changed`, processes of it did something just now. */
  pushed(hostId: string, changed: boolean): void;
}

const WRONG_TOKENS_PER_MINUTE = 30;

const pushSchema = z.object({
  events: z.array(z.object({ name: z.string().max(100), serial: z.number().int().nonnegative() })).max(500),
  /** How many the listener had to drop before these. */
  dropped: z.number().int().nonnegative().default(0),
});

const hosts = new WeakMap<express.Request, string>();

/**
 * `POST /api/v1/push`: takes events from the listener of a stock supervisord, proved by its host token.
 * What happened is not believed but looked up: the link asks the supervisord at once.
 */
export function pushRoute(ports: PushPorts): Router {
  const router = Router({ caseSensitive: true });
  const take: RequestHandler = (req, res) => {
    const hostId = hosts.get(req);
    const body = pushSchema.safeParse(req.body);
    if (hostId === undefined || !body.success)
      return problem(res, 400, 'bad-request', 'The request is not what this route takes');
    const { events, dropped } = body.data;
    const changed = dropped > 0 || events.some(({ name }) => name.startsWith('PROCESS_STATE'));
    ports.pushed(hostId, changed);
    res.status(202).json({ accepted: events.length });
  };
  router.post('/push', fewWrongTokens(), proved(ports), express.json({ limit: '256kb' }), take);
  router.use('/push', answerUnreadable);
  return router;
}

/** Who it is comes before a byte of the body is read. */
function proved({ hostOf }: PushPorts): RequestHandler {
  return (req, res, next) => {
    const token = /^Bearer (\S{1,200})$/i.exec(req.headers.authorization ?? '')?.[1];
    const hostId = token === undefined ? null : hostOf(token);
    if (hostId === null)
      return problem(res, 401, 'not-signed-in', 'This is not the token of a host: make one with host-token');
    hosts.set(req, hostId);
    next();
  };
}

function fewWrongTokens(): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: WRONG_TOKENS_PER_MINUTE,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_req, res) => problem(res, 429, 'too-many-requests', 'Too many tries: wait a little'),
  });
}

const answerUnreadable: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  const status = error instanceof Error && 'status' in error ? error.status : 500;
  if (status === 413) problem(res, 413, 'too-large', 'The request is too large');
  else if (typeof status === 'number' && status < 500)
    problem(res, 400, 'bad-request', 'The body is not JSON');
  else next(error);
};

function problem(res: Response, status: number, slug: string, title: string): void {
  const base = res.req.baseUrl.slice(0, -API_ROOT.length);
  const body: ProblemBody = { type: `${base}${PROBLEM_PAGES}/${slug}`, title, status };
  res.status(status).type('application/problem+json').send(JSON.stringify(body));
}
