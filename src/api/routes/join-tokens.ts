import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { JoinTokens } from '../../store/join-tokens.ts';
import { note } from '../audited.ts';
import type { JoinToken, OpenJoinToken } from '../contract.ts';
import * as shapes from '../host-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type GuardedRoute, guardedRoute } from '../route.ts';
import * as schemas from '../schemas.ts';

export interface JoinTokenPorts {
  readonly joinTokens: JoinTokens;
  readonly clock: Clock;
}

const JOIN_TTL_MS = 3_600_000;

/** Tokens by which agents join, from their making to their end. */
export function joinTokenRoutes({ joinTokens, clock }: JoinTokenPorts): GuardedRoute[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/join-tokens',
      right: 'manage-hosts',
      says: 'Makes a token that lets agents join; it expires, and is good for so many of them.',
      body: schemas.newJoinToken,
      answers: { 201: shapes.joinToken },
      run({ req, res, visitor, body: wish }) {
        const nowMs = clock.wallMs();
        const order = {
          uses: wish.uses ?? 1,
          expiresAtMs: nowMs + (wish.ttlMs ?? JOIN_TTL_MS),
          environment: wish.environment ?? null,
          tags: wish.tags ?? [],
          by: visitor.person.name,
        };
        const { id, token } = joinTokens.issue(order, nowMs);
        note(req, { target: id });
        const body: JoinToken = { id, token, uses: order.uses, expiresAtMs: order.expiresAtMs };
        res.status(201).json(body);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/join-tokens',
      right: 'manage-hosts',
      says: 'Lists the tokens by which agents can still join, the first to expire first.',
      answers: { 200: z.array(shapes.openJoinToken) },
      run({ res }) {
        const open: readonly OpenJoinToken[] = joinTokens.open(clock.wallMs());
        res.json(open);
      },
    }),
    guardedRoute({
      method: 'delete',
      path: '/join-tokens/:id',
      right: 'manage-hosts',
      says: 'Ends a join token at once; who has joined with it stays.',
      answers: { 204: 'nothing' },
      run({ req, res }) {
        if (!joinTokens.revoke(String(req.params.id))) throw new ApiProblem('not-found');
        res.status(204).end();
      },
    }),
  ];
}
