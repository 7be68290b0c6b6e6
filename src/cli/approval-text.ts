import type { Action } from '../api/contract.ts';
import { waitsForApproval } from '../fleet/action.ts';
import { spanText } from './durations.ts';
import { oneLine } from './terminal-text.ts';

/** What became of waiting for a second person, in words; empty where none is asked for. */
export function approvalText(action: Action, nowMs: number): string {
  const { approval, cancelledBy } = action;
  if (approval === undefined) return '';
  const by = oneLine(approval.by ?? '');
  if (waitsForApproval(action)) {
    const where = oneLine(approval.environments.join(', '));
    return `waits for a second person (${where} is protected), for ${spanText(approval.expiresAtMs - nowMs)} more`;
  }
  return {
    waiting: `taken back by ${oneLine(cancelledBy ?? action.by)} before anybody approved it`,
    approved: `approved by ${by}`,
    declined: `declined by ${by}${approval.says === undefined ? '' : `: ${oneLine(approval.says)}`}`,
    expired: 'no second person approved it in time',
  }[approval.state];
}

/** How somebody else lets it go ahead, or not. */
export function approvalHint({ id }: Pick<Action, 'id'>): string {
  const name = oneLine(id);
  return (
    `Another person who may do this lets it go ahead: fleetvisor actions approve ${name}  ` +
    `or ends it: fleetvisor actions decline ${name}`
  );
}
