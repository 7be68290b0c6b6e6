import type { Action } from '../../api/contract.ts';
import { spanText, stampText } from '../durations.ts';
import { worstOutcome } from '../exit-status.ts';
import { countsText } from '../follow-action.ts';
import { outcomeText } from '../outcome-text.ts';
import { shownTarget } from '../shown-target.ts';
import { type Cell, table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import type { FleetVerb } from '../verb.ts';

/** The latest fleet actions, or one with the outcome of each target. */
export const actions: FleetVerb = {
  name: 'actions',
  words: '[ID]',
  summary: 'list the latest fleet actions, or show one with every outcome',
  examples: ['fleetvisor actions', 'fleetvisor actions 01J9Z3'],
  options: [],
  completes: 'actions',
  async run([id], _given, { io, output, clock, hub }) {
    if (id === undefined) {
      const list = await hub().get<readonly Action[]>('/actions');
      if (output === 'json') io.json(list);
      else for (const line of table(list.map((action) => rowOf(action, clock.wallMs())))) io.line(line);
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
  examples: ['fleetvisor actions cancel 01J9Z3'],
  options: [],
  completes: 'actions',
  async run([id = ''], _given, { io, output, clock, hub }) {
    const action = await hub().post<Action>(`/actions/${encodeURIComponent(id)}/cancel`, {});
    if (output === 'json') io.json(action);
    else for (const line of actionLines(action, clock.wallMs())) io.line(line);
    return 'done';
  },
};

function rowOf(action: Action, nowMs: number): Cell[] {
  const how =
    action.finishedAtMs === null ? `running for ${spanText(nowMs - action.startedAtMs)}` : 'finished';
  return [
    { text: oneLine(action.id) },
    { text: stampText(action.startedAtMs) },
    { text: oneLine(`${action.verb} ${action.selector}`) },
    { text: `by ${oneLine(action.by)}` },
    { text: `${how}: ${countsText(action)}` },
  ];
}

function actionLines(action: Action, nowMs: number): string[] {
  const head = rowOf(action, nowMs)
    .map(({ text }) => text)
    .join('  ');
  const cancelled = action.cancelledBy === null ? [] : [`cancelled by ${oneLine(action.cancelledBy)}`];
  return [
    head,
    ...cancelled,
    ...action.targets.map((target) => `  ${shownTarget(target)}: ${outcomeText(target.outcome)}`),
  ];
}
