import { type Action, waitsForApproval } from '../../fleet/action.ts';
import { precisely } from './format.ts';
import type { Reader } from './reader.ts';

/** What became of waiting for a second person, in words. */
export interface ApprovalView {
  readonly waits: boolean;
  readonly mark: 'waiting' | 'done' | 'fatal' | 'dash';
  readonly says: string;
  /** Whether whoever looks may be the second person. */
  readonly mayDecide: boolean;
}

/** Null where no second person is asked for. */
export function approvalOf(action: Action, reader: Reader): ApprovalView | null {
  const { approval, by, targets } = action;
  if (approval === undefined) return null;
  const { say, nowMs } = reader;
  const waits = waitsForApproval(action);
  if (!waits)
    return {
      waits,
      mark: approval.state === 'approved' ? 'done' : approval.state === 'declined' ? 'fatal' : 'dash',
      says: say(`approval.${approval.state === 'waiting' ? 'withdrawn' : approval.state}`, {
        by: approval.by ?? action.cancelledBy ?? by,
        why: approval.says === undefined ? '' : `“${approval.says}”`,
      }).trim(),
      mayDecide: false,
    };
  const own = by === reader.user;
  const words = { by, where: approval.environments.join(', '), n: targets.length };
  const time = precisely(Math.max(0, approval.expiresAtMs - nowMs), reader);
  return {
    waits,
    mark: 'waiting',
    says: say(own ? 'approval.own' : 'approval.asks', { ...words, time }),
    mayDecide: !own && reader.may('act'),
  };
}
