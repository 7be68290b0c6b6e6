import type { Clock } from '../clock.ts';
import type { ConnectionTest, TestStep } from '../fleet/connection-test.ts';
import type { HostView } from '../fleet/host.ts';
import { type Said, type Told, told } from '../fleet/said.ts';
import { shownFacts, skippedStep } from '../links/connection-test.ts';
import { type HostLink, LinkError } from '../links/host-link.ts';
import { randomId } from '../store/secret.ts';

const ANSWER_WITHIN_MS = 5_000;

/** An agent dials in: what can be tested is whether it is there, and how fast it answers. */
export async function testAgent(
  host: HostView | null,
  link: HostLink | null,
  clock: Clock,
): Promise<ConnectionTest> {
  const before = [skippedStep('name', 'test.dialsIn')];
  const facts = host?.facts ?? null;
  const failed = (step: TestStep['step'], why: Told, mend: Told, more: readonly TestStep[]) => ({
    ok: false,
    steps: [...before, failedStep(step, why, mend), ...more],
    facts: null,
    certificateSha256: null,
  });
  const reachability = host?.reachability;
  if (reachability?.kind === 'unreachable') {
    const { says, said, mend, mendSaid } = reachability.failure;
    return failed('connect', toldAs(says, said), toldAs(mend, mendSaid), [
      skippedStep('sign-in', 'test.notComeTo'),
      skippedStep('answer', 'test.notComeTo'),
    ]);
  }
  if (link === null || reachability?.kind !== 'reachable')
    return failed('connect', told('test.agentMissing'), told('mend.agentMissing'), []);
  const sinceMs = clock.uptimeMs();
  before.push({ step: 'connect', result: 'done', ms: null, ...told('test.agentConnected'), mend: '' });
  before.push({ step: 'sign-in', result: 'done', ms: null, ...told('test.keyProved'), mend: '' });
  try {
    await link.call({
      id: randomId('t'),
      method: 'supervisor.getState',
      params: [],
      deadlineMs: ANSWER_WITHIN_MS,
    });
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return failed('answer', error.told, told('mend.agentLog'), []);
  }
  const ms = Math.round((clock.uptimeMs() - sinceMs) * 10) / 10;
  const found =
    facts === null
      ? told('test.answers')
      : told('test.agent', { version: facts.version, state: facts.daemonState });
  before.push({ step: 'answer', result: 'done', ms, ...found, mend: '' });
  return {
    ok: true,
    steps: before,
    facts: facts === null ? null : shownFacts(facts),
    certificateSha256: null,
  };
}

function failedStep(step: TestStep['step'], why: Told, mend: Told): TestStep {
  return {
    step,
    result: 'failed',
    ms: null,
    ...why,
    mend: mend.says,
    ...(mend.said === undefined ? {} : { mendSaid: mend.said }),
  };
}

function toldAs(says: string, said: Said | undefined): Told {
  return said === undefined ? { says } : { says, said };
}
