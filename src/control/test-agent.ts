import type { Clock } from '../clock.ts';
import type { ConnectionTest, TestStep } from '../fleet/connection-test.ts';
import type { HostView } from '../fleet/host.ts';
import { shownFacts } from '../links/connection-test.ts';
import { type HostLink, LinkError } from '../links/host-link.ts';
import { randomId } from '../store/secret.ts';

const ANSWER_WITHIN_MS = 5_000;
const skipped = (step: TestStep['step'], says: string): TestStep => ({
  step,
  result: 'skipped',
  ms: null,
  says,
  mend: '',
});

/** An agent dials in: what can be tested is whether it is there, and how fast it answers. */
export async function testAgent(
  host: HostView | null,
  link: HostLink | null,
  clock: Clock,
): Promise<ConnectionTest> {
  const before = [skipped('name', 'an agent dials in')];
  const facts = host?.facts ?? null;
  const failed = (step: TestStep['step'], says: string, mend: string, more: readonly TestStep[]) => ({
    ok: false,
    steps: [...before, { step, result: 'failed' as const, ms: null, says, mend }, ...more],
    facts: null,
    certificateSha256: null,
  });
  const reachability = host?.reachability;
  if (reachability?.kind === 'unreachable') {
    const { says, mend } = reachability.failure;
    return failed('connect', says, mend, [
      skipped('sign-in', 'not come to'),
      skipped('answer', 'not come to'),
    ]);
  }
  if (link === null || reachability?.kind !== 'reachable')
    return failed(
      'connect',
      'the agent is not connected',
      'See whether the host is disabled, or wait a little.',
      [],
    );
  const sinceMs = clock.uptimeMs();
  before.push({ step: 'connect', result: 'done', ms: null, says: 'the agent is connected', mend: '' });
  before.push({ step: 'sign-in', result: 'done', ms: null, says: 'it proved its key', mend: '' });
  try {
    await link.call({
      id: randomId('t'),
      method: 'supervisor.getState',
      params: [],
      deadlineMs: ANSWER_WITHIN_MS,
    });
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return failed('answer', error.message, 'Look at the log of fleetvisord on that host.', []);
  }
  const ms = Math.round((clock.uptimeMs() - sinceMs) * 10) / 10;
  const says = facts === null ? 'answers' : `fleetvisord ${facts.version}, ${facts.daemonState}`;
  before.push({ step: 'answer', result: 'done', ms, says, mend: '' });
  return {
    ok: true,
    steps: before,
    facts: facts === null ? null : shownFacts(facts),
    certificateSha256: null,
  };
}
