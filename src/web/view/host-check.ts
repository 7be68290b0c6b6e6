import {
  type ConnectionTest,
  TEST_STEPS,
  type TestStep,
  type TestStepName,
} from '../../fleet/connection-test.ts';
import type { HostView, LinkFailureKind } from '../../fleet/host.ts';
import { sourceOf } from './attention.ts';
import { wordsOf } from './connection-test.ts';
import { clockTime, roughly } from './format.ts';
import type { Reader } from './reader.ts';
import { failureWords } from './sentence.ts';

/** The way to a host, gone once. */
export interface Checked {
  readonly atMs: number;
  readonly test: ConnectionTest;
}

/** At which step of the way each failure stands. */
const FAILED_AT: Readonly<Record<LinkFailureKind, TestStepName>> = {
  dns: 'name',
  refused: 'connect',
  'no-socket': 'connect',
  permission: 'connect',
  closed: 'connect',
  'not-connected': 'connect',
  tls: 'tls',
  unauthorized: 'sign-in',
  revoked: 'sign-in',
  timeout: 'answer',
  'wrong-path': 'answer',
  'not-a-supervisor': 'answer',
  'too-large': 'answer',
  'shutting-down': 'answer',
  other: 'answer',
};
const MARKS = { done: 'done', failed: 'unreachable', skipped: 'dash' } as const;

/** The way to a host, step by step: as it was gone last from this browser, else as far as the hub's own asking tells. */
export function checkView(host: HostView, checked: Checked | null, reader: Reader): unknown {
  const { say } = reader;
  const steps = checked?.test.steps ?? seenSteps(host, reader);
  return {
    when: checked === null ? say('check.live') : clockTime(checked.atMs, reader),
    steps: steps.map((one) => ({
      key: one.step,
      name: say(`check.${one.step}`),
      result: one.result,
      mark: MARKS[one.result],
      ...wordsOf(one, reader),
      time: timeOf(one.ms),
    })),
  };
}

function timeOf(ms: number | null): string {
  return ms === null ? '' : `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
}

/** What is known without asking again: the steps before the one that fails went well; silence refuses nobody. */
function seenSteps(host: HostView, reader: Reader): TestStep[] {
  const failure = host.reachability.kind === 'unreachable' ? host.reachability.failure : null;
  const failed = failure === null ? TEST_STEPS.length : TEST_STEPS.indexOf(FAILED_AT[failure.kind]);
  const words = failure === null ? null : failureWords(failure, reader);
  const isKnown = host.reachability.kind === 'reachable' || failure !== null;
  return TEST_STEPS.map((step, nth): TestStep => {
    const bare = { step, ms: null, mend: '' };
    if (failure !== null && nth === failed)
      return { ...bare, result: 'failed', says: words?.cause ?? '', mend: words?.mend ?? '' };
    if (failure?.kind === 'timeout' && step === 'sign-in')
      return { ...bare, result: 'skipped', says: reader.say('check.unanswered') };
    if (!isKnown || nth > failed) return { ...bare, result: 'skipped', says: reader.say('check.notReached') };
    return { ...bare, ...wentWell(step, host, reader) };
  });
}

function wentWell(step: TestStepName, host: HostView, reader: Reader): Pick<TestStep, 'result' | 'says'> {
  const { say } = reader;
  const url = addressOf(host.url);
  const skipped = (says: string) => ({ result: 'skipped', says }) as const;
  const done = (says: string) => ({ result: 'done', says }) as const;
  if (host.kind === 'agent' && step === 'name') return skipped(say('host.dialsIn'));
  if (host.kind === 'agent' && step === 'tls') return skipped(say('check.dialsIn'));
  if (url?.protocol === 'unix:' && (step === 'name' || step === 'tls')) return skipped(say('check.local'));
  if (step === 'tls') return url?.protocol === 'https:' ? done('') : skipped(say('check.noTls'));
  if (step === 'name') return done(url?.hostname ?? '');
  if (step === 'connect')
    return done(url === null ? '' : url.port === '' ? url.pathname : say('check.port', { port: url.port }));
  if (step === 'sign-in') return done('');
  const ago = host.lastSeenMs === null ? say('check.never') : roughly(reader.nowMs - host.lastSeenMs, reader);
  return done(say('check.answered', { source: sourceOf(host, reader), ago }));
}

function addressOf(url: string | null): URL | null {
  if (url === null) return null;
  try {
    return new URL(url);
  } catch {
    return null; // an address written otherwise than addresses are: its steps are told without it
  }
}
