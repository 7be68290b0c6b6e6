import type { Action } from '../../api/contract.ts';
import { waitsForApproval } from '../../fleet/action.ts';
import { targetText } from '../../fleet/target.ts';
import { approvalText } from '../approval-text.ts';
import { spanText, stampText } from '../durations.ts';
import { worstOutcome } from '../exit-status.ts';
import { CliFailure } from '../failure.ts';
import { countsText } from '../follow-action.ts';
import { outcomeText } from '../outcome-text.ts';
import { PACE_OPTIONS, paceFrom } from '../pace-options.ts';
import { RUN_OPTIONS, runPlan } from '../run-plan.ts';
import { shownTarget } from '../shown-target.ts';
import { type Cell, table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import type { FleetVerb } from '../verb.ts';

/** The latest fleet actions, or one with the outcome of each target. */
export const actions: FleetVerb = {
  name: 'actions',
  words: '[ID]',
  summary: 'list the latest fleet actions, or show one with every outcome',
  examples: ['fleetvisor actions', 'fleetvisor actions a_Ryw_uKYFAuuY'],
  options: [],
  completes: 'actions',
  async run([id], _given, { io, output, clock, hub }) {
    if (id === undefined) {
      const list = await hub().get<readonly Action[]>('/actions');
      if (output === 'json') io.json(list);
      else for (const line of table(list.map((action) => rowOf(action, clock.wallMs())))) io.line(line);
      if (output === 'text' && list.length === 0) io.note('No action yet.');
      return 'done';
    }
    const action = await hub().get<Action>(`/actions/${encodeURIComponent(id)}`);
    if (output === 'json') io.json(action);
    else for (const line of actionLines(action, clock.wallMs())) io.line(line);
    return worstOutcome(action.targets.map(({ outcome }) => outcome));
  },
};

/** Ends an action: what was not begun is left alone. */
export const actionsCancel: FleetVerb = {
  name: 'actions cancel',
  words: '<ID>',
  summary: 'end an action; targets not begun yet are left alone',
  examples: ['fleetvisor actions cancel a_Ryw_uKYFAuuY'],
  options: [],
  completes: 'actions',
  async run([id = ''], _given, { io, output, clock, hub }) {
    const action = await hub().post<Action>(`/actions/${encodeURIComponent(id)}/cancel`, {});
    if (output === 'json') io.json(action);
    else for (const line of actionLines(action, clock.wallMs())) io.line(line);
    return 'done';
  },
};

/** Goes on with an action that a restarted hub found under way and asks about. */
export const actionsResume: FleetVerb = {
  name: 'actions resume',
  words: '<ID>',
  summary: 'go on with an action that asks, because the hub was restarted while it ran',
  examples: ['fleetvisor actions resume a_Ryw_uKYFAuuY'],
  options: [],
  completes: 'actions',
  async run([id = ''], _given, { io, output, clock, hub }) {
    const action = await hub().post<Action>(`/actions/${encodeURIComponent(id)}/resume`, {});
    if (output === 'json') io.json(action);
    else for (const line of actionLines(action, clock.wallMs())) io.line(line);
    return 'done';
  },
};

/** Does an action once more for the targets that are not done. */
export const actionsRetry: FleetVerb = {
  name: 'actions retry',
  words: '<ID>',
  summary: 'do an action once more for those of its targets that are not done',
  examples: ['fleetvisor actions retry a_Ryw_uKYFAuuY', 'fleetvisor actions retry a_Ryw_uKYFAuuY --dry-run'],
  options: [...RUN_OPTIONS, ...PACE_OPTIONS],
  completes: 'actions',
  async run([id = ''], given, context) {
    const pace = paceFrom(given);
    const action = await context.hub().get<Action>(`/actions/${encodeURIComponent(id)}`);
    const { verb, signal, selector, finishedAtMs } = action;
    if (finishedAtMs === null)
      throw new CliFailure(
        'failed',
        `${id} is still under way`,
        `End it first: fleetvisor actions cancel ${id}`,
      );
    const only = action.targets.filter(({ outcome }) => outcome.kind !== 'done').map(targetText);
    if (only.length === 0) {
      if (context.output === 'json') context.io.json({ action });
      else context.io.note(`Every target of ${id} is done.`);
      return 'done';
    }
    const again = pace ?? action.pace;
    return runPlan(
      {
        verb,
        selector,
        only,
        ...(signal === undefined ? {} : { signal }),
        ...(again === undefined ? {} : { pace: again }),
      },
      given,
      context,
    );
  },
};

function rowOf(action: Action, nowMs: number): Cell[] {
  const how = waitsForApproval(action)
    ? 'waits for a second person'
    : action.finishedAtMs === null
      ? `running for ${spanText(nowMs - action.startedAtMs)}`
      : 'finished';
  return [
    { text: oneLine(action.id) },
    { text: stampText(action.startedAtMs) },
    { text: oneLine([action.verb, action.signal, action.selector].filter(Boolean).join(' ')) },
    { text: byText(action) },
    { text: `${how}${progressText(action, nowMs)}: ${countsText(action)}` },
  ];
}

function byText({ by, schedule }: Action): string {
  return schedule === undefined ? `by ${oneLine(by)}` : `by schedule ${oneLine(schedule)} (${oneLine(by)})`;
}

/** `, batch 2 of 5`, and what holds it up. */
function progressText({ progress, finishedAtMs, id }: Action, nowMs: number): string {
  if (progress === undefined) return '';
  const { batch, batches, phase, untilMs, says = '' } = progress;
  const at = batches > 1 ? `, batch ${batch + 1} of ${batches}` : '';
  if (finishedAtMs !== null) return phase === 'stopped' ? `${at}, stopped (${oneLine(says)})` : '';
  const words = {
    running: '',
    over: '',
    stopped: `, stopping (${oneLine(says)})`,
    pausing: ` in ${spanText((untilMs ?? nowMs) - nowMs)}`,
    asking: `, waits: ${oneLine(says)}; "fleetvisor actions resume ${oneLine(id)}" goes on`,
  }[phase];
  return `${at}${words}`;
}

function actionLines(action: Action, nowMs: number): string[] {
  const head = rowOf(action, nowMs)
    .map(({ text }) => text)
    .join('  ');
  const cancelled = action.cancelledBy === null ? [] : [`cancelled by ${oneLine(action.cancelledBy)}`];
  return [
    head,
    ...cancelled,
    ...[approvalText(action, nowMs)].filter(Boolean),
    ...action.targets.map((target) => `  ${shownTarget(target)}: ${outcomeText(target.outcome)}`),
  ];
}
