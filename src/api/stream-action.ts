import type { Accounts } from '../accounts/accounts.ts';
import { whileAllowed } from '../accounts/recheck.ts';
import type { Clock } from '../clock.ts';
import type { ActionRunner } from '../control/action-runner.ts';
import type { FleetState } from '../control/fleet-state.ts';
import { seenAction } from '../control/seen-fleet.ts';
import type { Action } from '../fleet/action.ts';
import { checkPart } from './check-answer.ts';
import type { Call } from './route.ts';
import { inPortions, jsonObject, writeAll } from './send-large.ts';

export interface StreamPorts {
  readonly actions: ActionRunner;
  readonly fleet: FleetState;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

const COMMENT_EVERY_MS = 15_000;
/** A large action is told less often: after each portion of an event but the first, others have the hub for so long. */
const REST_MS = 20;

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
  let isWriting = false;
  const writeWaiting = async (): Promise<void> => {
    isWriting = true;
    for (let now = waiting; now !== null; now = waiting) {
      waiting = null;
      const written = await writeAll(res, inPortions(eventOf(now)), clock);
      if (written === null) return;
      if (now.finishedAtMs !== null) return void res.end();
      if (written > 1) await new Promise<void>((done) => void clock.after(REST_MS * (written - 1), done));
    }
    isWriting = false;
  };
  const send = (whole: Action): void => {
    waiting = seenAction(visitor.person, whole, fleet) ?? { ...whole, targets: [] };
    checkPart(res, waiting);
    if (!isWriting) void writeWaiting();
  };
  const unsubscribe = actions.changes.add((now) => now.id === action.id && send(now));
  let cancelComment = clock.after(COMMENT_EVERY_MS, function comment() {
    if (!isWriting) res.write(':\n\n');
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

function* eventOf(action: Action): Generator<string> {
  yield 'event: action\ndata: ';
  yield* jsonObject({ ...action });
  yield '\n\n';
}
