import { randomUUID } from 'node:crypto';
import type { Action, ActionRequest, Plan } from '../api/contract.ts';
import { isHostVerb, waitsForApproval } from '../fleet/action.ts';
import { targetText } from '../fleet/target.ts';
import { approvalHint, approvalText } from './approval-text.ts';
import { confirmPlan, wordFor } from './confirm-plan.ts';
import { parseSpan } from './durations.ts';
import { type ExitName, worstOutcome } from './exit-status.ts';
import { CliFailure } from './failure.ts';
import { countsText, type Followed, followAction, goesOn, progressOn } from './follow-action.ts';
import type { HubApi } from './hub-api.ts';
import { namesNoProcess } from './names-nothing.ts';
import { planLines } from './plan-text.ts';
import { oneLine } from './terminal-text.ts';
import { type CliContext, type Given, textOption } from './verb.ts';

/** `only` may not name more than this; a larger plan is sent by its selector. */
const MOST_ONLY = 20_000;

/** Options of every verb that plans and runs an action. */
export const RUN_OPTIONS: readonly (readonly [flags: string, says: string])[] = [
  ['--dry-run', 'show the plan and do nothing'],
  [
    '-y, --yes',
    'do not ask; needed in scripts for all that touches more than one target, but start and reread',
  ],
  ['--confirm <word>', 'what a protected environment asks for, instead of typing it'],
  ['--wait', 'watch also an action that waits for a second person first'],
  ['--no-wait', 'leave once the hub has taken the action'],
  ['--timeout <time>', 'how long to watch, as in 90s or 5m; the action itself goes on'],
];

/** Plans, shows, asks, runs and reports one fleet action. */
export async function runPlan(request: ActionRequest, given: Given, context: CliContext): Promise<ExitName> {
  const { io, output } = context;
  const timeoutMs = timeoutOf(given);
  const hub = context.hub();
  const plan = await hub.post<Plan>('/plans', request);
  if (plan.targets.length + plan.leftAlone.length === 0) throw await namesNothing(request, hub);
  if (output === 'json' && (given.dryRun === true || plan.targets.length === 0)) io.json({ plan });
  if (output === 'text') for (const line of planLines(plan)) io.line(line);
  if (given.dryRun === true) return 'done';
  if (plan.targets.length === 0) return leftForRights(plan) ? 'notAllowed' : 'done';
  await confirmPlan(plan, given.yes === true, io);
  const confirm = await wordFor(plan, textOption(given, 'confirm'), io);
  const action = await begin(hub, { ...requestFor(plan), ...(confirm === undefined ? {} : { confirm }) });
  if (waitsForApproval(action)) {
    io.note(`action ${action.id} ${approvalText(action, context.clock.wallMs())}`);
    if (given.wait !== true) {
      io.note(approvalHint(action));
      if (output === 'json') io.json({ plan, action });
      return 'waiting';
    }
  }
  if (given.wait === false) {
    if (output === 'json') io.json({ plan, action });
    else io.line(`action ${action.id} is under way; see it with: fleetvisor actions ${action.id}`);
    return 'done';
  }
  const show = output === 'json' ? () => {} : progressOn(io);
  const followed = await followAction(action, show, { hub, io, clock: context.clock, timeoutMs });
  if (output === 'json') io.json({ plan, action: followed.action });
  const exit = report(followed, context);
  return exit === 'done' && leftForRights(plan) ? 'failed' : exit;
}

/** Some of what was named is left alone because this login may not do it: a script should not take that for done. */
function leftForRights({ leftAlone }: Plan): boolean {
  return leftAlone.some(({ said }) => said?.key === 'left.notAllowed');
}

async function namesNothing({ verb, selector }: ActionRequest, hub: HubApi): Promise<CliFailure> {
  if (!isHostVerb(verb)) return namesNoProcess(selector, hub);
  return new CliFailure('nothing', `"${selector}" names no host that is known`, 'See all: fleetvisor hosts');
}

/** Tried again when the connection broke: the key makes it one action, whether or not the first try arrived. */
async function begin(hub: HubApi, request: ActionRequest): Promise<Action> {
  const headers = { 'idempotency-key': randomUUID() };
  try {
    return await hub.post<Action>('/actions', request, headers);
  } catch (error) {
    if (!(error instanceof CliFailure) || error.exit !== 'hubUnreachable') throw error;
    return hub.post<Action>('/actions', request, headers);
  }
}

/** Exactly what was shown and agreed to, in this order, whatever the selector would name a moment later. */
function requestFor({ verb, signal, selector, targets, pace }: Plan): ActionRequest {
  const request = { verb, selector, ...(signal === undefined ? {} : { signal }) };
  if (targets.length > MOST_ONLY) return pace === undefined ? request : { ...request, pace };
  const asShown = pace?.mode === 'rolling' ? ({ ...pace, order: 'given' } as const) : pace;
  return { ...request, only: targets.map(targetText), ...(asShown === undefined ? {} : { pace: asShown }) };
}

function timeoutOf(given: Given): number | null {
  const text = textOption(given, 'timeout');
  if (text === undefined) return null;
  const timeoutMs = parseSpan(text);
  if (timeoutMs !== null) return timeoutMs;
  throw new CliFailure('usage', `--timeout: "${text}" is not a time`, 'Write it like 90s, 5m or 1h.');
}

function report({ why, action }: Followed, { io, output, clock }: CliContext): ExitName {
  const { progress } = action;
  if (output === 'text') {
    io.line(`${action.verb} ${action.selector}: ${countsText(action)}`);
    if (action.approval !== undefined) io.line(approvalText(action, clock.wallMs()));
    if (progress?.phase === 'stopped') io.line(`stopped: ${oneLine(progress.says ?? '')}`);
  }
  if (why === 'finished') return worstOutcome(action.targets.map(({ outcome }) => outcome));
  const left = {
    timeout: 'It takes longer than --timeout',
    interrupted: 'Not watched any more',
    lost: 'The hub did not come back',
  }[why];
  io.note(`${left}; ${goesOn(action)}`);
  return why === 'interrupted' ? 'interrupted' : 'unknown';
}
