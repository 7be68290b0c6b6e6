import { createHash } from 'node:crypto';
import type { FleetState } from '../control/fleet-state.ts';
import { randomId } from '../store/secret.ts';
import { ApiProblem } from './problems.ts';
import type { Call } from './route.ts';

/** Numbers of changes begin anew with the hub. */
const THIS_RUN = randomId('run');

/** The same for the same value: what `if-match` is compared with. */
export function etagOf(value: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)}"`;
}

/**
 * Marks what is told of the fleet with the number of its last change, and who asked. True: the asker has that
 * already, and was answered 304; nothing had to be put together for it.
 */
export function alreadyKnown({ req, res, visitor }: Call, fleet: Pick<FleetState, 'seq'>): boolean {
  const { name, grants, limit } = visitor.person;
  res.set('etag', `W/${etagOf([THIS_RUN, fleet.seq, name, grants, limit ?? null, req.originalUrl])}`);
  if (!req.fresh) return false;
  res.status(304).end();
  return true;
}

/** Throws `changed-meanwhile` when the asker's `if-match` is not of what there is now. */
export function mustBeCurrent({ req }: Pick<Call, 'req'>, current: unknown): void {
  const given = req.get('if-match');
  if (given === undefined || given.trim() === '*') return;
  const etag = etagOf(current);
  if (!given.split(',').some((one) => one.trim().replace(/^W\//, '') === etag))
    throw new ApiProblem('changed-meanwhile');
}
