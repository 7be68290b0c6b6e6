import type { Accounts } from '../accounts/accounts.ts';
import { whileAllowed } from '../accounts/recheck.ts';
import type { Clock } from '../clock.ts';
import type { ActionRunner } from '../control/action-runner.ts';
import type { FleetState } from '../control/fleet-state.ts';
import { seenAction } from '../control/seen-fleet.ts';
import type { Action } from '../fleet/action.ts';
import { checkPart } from './check-answer.ts';
import type { Call } from './route.ts';

export interface StreamPorts {
  readonly actions: ActionRunner;
  readonly fleet: FleetState;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

const COMMENT_EVERY_MS = 15_000;

/**
 * Server-sent events `action`, each the whole action as it stands, ending with the finished one.
 * A reader that cannot follow misses steps in between, never the last.
 */
export function streamAction(
  action: Action,
  { req, res, proof, visitor }: Call,
  { actions, accounts, clock, fleet }: StreamPorts,
): void {
  res
    .status(200)
    .set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  res.flushHeaders();
  let waiting: Action | null = null;
  const send = (whole: Action): void => {
    const now = seenAction(visitor.person, whole, fleet) ?? { ...whole, targets: [] };
    if (res.writableNeedDrain) {
      waiting = now;
      return;
    }
    waiting = null;
    checkPart(res, now);
    res.write(`event: action\ndata: ${JSON.stringify(now)}\n\n`);
    if (now.finishedAtMs !== null) res.end();
  };
  const unsubscribe = actions.changes.add((now) => now.id === action.id && send(now));
  res.on('drain', () => waiting !== null && send(waiting));
  let cancelComment = clock.after(COMMENT_EVERY_MS, function comment() {
    if (!res.writableNeedDrain) res.write(':\n\n');
    cancelComment = clock.after(COMMENT_EVERY_MS, comment);
  });
  const cancelCheck = whileAllowed({ proof, right: 'see-fleet' }, accounts, clock, () => res.end());
  const end = (): void => {
    unsubscribe();
    cancelComment();
    cancelCheck();
  };
  req.on('close', end);
  res.on('finish', end);
  send(actions.byId(action.id) ?? action);
}
