import type { Plan } from '../api/contract.ts';
import { CliFailure } from './failure.ts';
import type { CliIo } from './io.ts';
import { counted } from './plan-text.ts';

/**
 * Lets one target, and any number of starts, go ahead unasked. More than one stop or restart needs a yes: typed
 * at a terminal, or given as --yes. A script without it is refused before anything is sent.
 */
export async function confirmPlan({ verb, targets, hosts }: Plan, agreed: boolean, io: CliIo): Promise<void> {
  if (agreed || verb === 'start' || targets.length < 2) return;
  const what = `${verb} ${targets.length} processes on ${counted(hosts.length, 'host', 'hosts')}`;
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
