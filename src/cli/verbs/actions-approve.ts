import type { Action } from '../../api/contract.ts';
import { targetText } from '../../fleet/target.ts';
import { approvalText } from '../approval-text.ts';
import { CliFailure } from '../failure.ts';
import type { HubApi } from '../hub-api.ts';
import { oneLine } from '../terminal-text.ts';
import { type CliContext, type FleetVerb, textOption } from '../verb.ts';

const MOST_NAMED = 20;

/** The second person's yes: shows what it is about before it is given. */
export const actionsApprove: FleetVerb = {
  name: 'actions approve',
  words: '<ID>',
  summary: 'let an action of another person go ahead that waits for a second one',
  examples: ['fleetvisor actions approve a_Ryw_uKYFAuuY', 'fleetvisor actions approve a_Ryw_uKYFAuuY --yes'],
  options: [['-y, --yes', 'do not ask; needed in scripts']],
  completes: 'actions',
  async run([id = ''], given, context) {
    const api = context.hub();
    const action = await api.get<Action>(pathOf(id));
    if (given.yes !== true) await agree(action, context);
    return decide(id, 'approve', {}, api, context);
  },
};

/** The second person's no. */
export const actionsDecline: FleetVerb = {
  name: 'actions decline',
  words: '<ID>',
  summary: 'end an action of another person that waits for a second one',
  examples: ['fleetvisor actions decline a_Ryw_uKYFAuuY --reason "not before the release"'],
  options: [['--reason <text>', 'why; whoever asked for it reads it']],
  completes: 'actions',
  run: ([id = ''], given, context) =>
    decide(id, 'decline', { reason: textOption(given, 'reason') ?? '' }, context.hub(), context),
};

async function agree(action: Action, { io }: CliContext): Promise<void> {
  const { by, verb, selector, targets } = action;
  if (!io.canAsk)
    throw new CliFailure('notConfirmed', 'nobody is here to be asked', 'In a script add --yes to approve.');
  io.note(`${oneLine(by)} wants to ${verb} ${oneLine(selector)}:`);
  for (const target of targets.slice(0, MOST_NAMED)) io.note(`  ${oneLine(targetText(target))}`);
  if (targets.length > MOST_NAMED) io.note(`  … ${targets.length - MOST_NAMED} more`);
  const answer = await io.ask(`Approve ${targets.length === 1 ? 'this' : `all ${targets.length}`}? [y/N] `);
  if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new CliFailure('notConfirmed', 'nothing was approved');
}

async function decide(
  id: string,
  decision: 'approve' | 'decline',
  body: object,
  hub: HubApi,
  { io, output, clock }: CliContext,
): Promise<'done'> {
  const action = await hub.post<Action>(`${pathOf(id)}/${decision}`, body);
  if (output === 'json') io.json(action);
  else
    io.line(
      `${action.verb} ${oneLine(action.selector)} by ${oneLine(action.by)} is ${approvalText(action, clock.wallMs())}.`,
    );
  return 'done';
}

const pathOf = (id: string): string => `/actions/${encodeURIComponent(id)}`;
