import type { Plan } from '../api/contract.ts';
import type { Verb } from '../fleet/action.ts';
import { CliFailure } from './failure.ts';
import type { CliIo } from './io.ts';
import { touches } from './plan-text.ts';
import { oneLine } from './terminal-text.ts';

/** From how many targets on a verb needs a yes. */
const ASKS_FROM: Readonly<Record<Verb, number>> = {
  start: Number.POSITIVE_INFINITY,
  reread: Number.POSITIVE_INFINITY,
  stop: 2,
  restart: 2,
  signal: 2,
  clear: 2,
  update: 2,
  reload: 1,
  shutdown: 1,
};

/**
 * Lets one target, and any number of starts, go ahead unasked. More than one of another verb, and any supervisor that
 * is restarted or ended, needs a yes: typed at a terminal, or given as --yes. A script without it is refused before
 * anything is sent.
 */
export async function confirmPlan(plan: Plan, agreed: boolean, io: CliIo): Promise<void> {
  if (agreed || plan.targets.length < ASKS_FROM[plan.verb]) return;
  const what = touches(plan);
  if (!io.canAsk) {
    throw new CliFailure(
      'notConfirmed',
      `would ${what}; nothing was done`,
      'In a script add --yes to go ahead.',
    );
  }
  const answer = await io.ask(`${what[0]?.toUpperCase()}${what.slice(1)}? [y/N] `);
  if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new CliFailure('notConfirmed', 'nothing was done');
}

/**
 * What a plan over protected environments has to be confirmed with: given as --confirm, or typed at a terminal.
 * Not even --yes stands for it.
 */
export function wordFor(plan: Plan, given: string | undefined, io: CliIo): Promise<string | undefined> {
  return wordOf(plan.confirm, given, io);
}

/** The same for a word the hub asks for; undefined: it asks for none. */
export async function wordOf(
  wanted: string | undefined,
  given: string | undefined,
  io: CliIo,
): Promise<string | undefined> {
  if (wanted === undefined || given === wanted) return wanted;
  const shown = oneLine(wanted);
  const typed =
    io.canAsk && given === undefined
      ? await io.ask(`This touches ${shown}. Type ${shown} to go ahead: `)
      : null;
  if (typed?.trim() === wanted) return wanted;
  throw new CliFailure(
    'notConfirmed',
    `${shown} is protected; nothing was done`,
    `In a script add --confirm "${shown}".`,
  );
}
