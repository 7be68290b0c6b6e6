import type { Action, ActionRequest, Plan } from '../../api/contract.ts';
import type { Verb } from '../../fleet/action.ts';
import { targetText } from '../../fleet/target.ts';
import { confirmPlan } from '../confirm-plan.ts';
import { parseSpan } from '../durations.ts';
import { type ExitName, worstOutcome } from '../exit-status.ts';
import { CliFailure } from '../failure.ts';
import { countsText, type Followed, followAction, progressOn } from '../follow-action.ts';
import { planLines } from '../plan-text.ts';
import { selectorFrom } from '../selector-words.ts';
import { type CliContext, type FleetVerb, type Given, textOption } from '../verb.ts';

/** `only` may not name more than this; a larger plan is sent by its selector. */
const MOST_ONLY = 20_000;

/** Verbs that need nothing but a selector. */
type PlainVerb = Extract<Verb, 'start' | 'stop' | 'restart'>;

const EXAMPLES: Readonly<Record<PlainVerb, readonly string[]>> = {
  start: ["fleetvisor start 'web*/web:*'", 'fleetvisor start web-01/cron --no-wait'],
  stop: [
    'fleetvisor stop group web',
    'fleetvisor stop group web --dry-run',
    "fleetvisor stop '#stage/*' --yes",
  ],
  restart: ["fleetvisor restart 'env=prod/api:*'", 'fleetvisor restart group web --yes --timeout 2m --json'],
};

/** The verb that plans, asks, runs and reports one fleet action. */
export function actVerb(verb: PlainVerb): FleetVerb {
  return {
    name: verb,
    words: '<SELECTOR...>',
    summary: `${verb} every process a selector names, on every host`,
    examples: EXAMPLES[verb],
    options: [
      ['--dry-run', 'show the plan and do nothing'],
      ['-y, --yes', 'do not ask; needed in scripts to stop or restart more than one process'],
      ['--no-wait', 'leave once the hub has taken the action'],
      ['--timeout <time>', 'how long to watch, as in 90s or 5m; the action itself goes on'],
    ],
    completes: 'targets',
    run: (words, given, context) => act(verb, words, given, context),
  };
}

async function act(
  verb: PlainVerb,
  words: readonly string[],
  given: Given,
  context: CliContext,
): Promise<ExitName> {
  const { io, output } = context;
  const timeoutMs = timeoutOf(given);
  const selector = selectorFrom(words);
  const hub = context.hub();
  const plan = await hub.post<Plan>('/plans', { verb, selector } satisfies ActionRequest);
  if (plan.targets.length + plan.leftAlone.length === 0) {
    throw new CliFailure(
      'nothing',
      `"${selector}" names no process that is known`,
      'See all: fleetvisor status',
    );
  }
  if (output === 'json' && (given.dryRun === true || plan.targets.length === 0)) io.json({ plan });
  if (output === 'text') for (const line of planLines(plan)) io.line(line);
  if (given.dryRun === true || plan.targets.length === 0) return 'done';
  await confirmPlan(plan, given.yes === true, io);
  const action = await hub.post<Action>('/actions', requestFor(plan));
  if (given.wait === false) {
    if (output === 'json') io.json({ plan, action });
    else io.line(`action ${action.id} is under way; see it with: fleetvisor actions ${action.id}`);
    return 'done';
  }
  const show = output === 'json' ? () => {} : progressOn(io);
  const followed = await followAction(action, show, { hub, io, clock: context.clock, timeoutMs });
  if (output === 'json') io.json({ plan, action: followed.action });
  return report(followed, context);
}

/** Exactly what was shown and agreed to, whatever the selector would name a moment later. */
function requestFor({ verb, selector, targets }: Plan): ActionRequest {
  return targets.length > MOST_ONLY ? { verb, selector } : { verb, selector, only: targets.map(targetText) };
}

function timeoutOf(given: Given): number | null {
  const text = textOption(given, 'timeout');
  if (text === undefined) return null;
  const timeoutMs = parseSpan(text);
  if (timeoutMs !== null) return timeoutMs;
  throw new CliFailure('usage', `--timeout: "${text}" is not a time`, 'Write it like 90s, 5m or 1h.');
}

function report({ why, action }: Followed, { io, output }: CliContext): ExitName {
  if (output === 'text') io.line(`${action.verb} ${action.selector}: ${countsText(action)}`);
  if (why === 'finished') return worstOutcome(action.targets.map(({ outcome }) => outcome));
  const left = {
    timeout: 'It takes longer than --timeout',
    interrupted: 'Not watched any more',
    lost: 'The hub ended the connection',
  }[why];
  io.note(
    `${left}; action ${action.id} goes on at the hub. See it with: fleetvisor actions ${action.id}  ` +
      `End it with: fleetvisor actions cancel ${action.id}`,
  );
  return why === 'interrupted' ? 'interrupted' : 'unknown';
}
