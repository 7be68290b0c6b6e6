import type { ConnectionTest, TestStep } from '../../fleet/connection-test.ts';
import type { Reader } from './reader.ts';
import { failureWords } from './sentence.ts';

const MARKS = { done: 'done', failed: 'fatal', skipped: 'dash' } as const satisfies Record<
  TestStep['result'],
  string
>;

/** The way to a supervisor, each step with its time, the failed one with its mend. */
export function testView(test: ConnectionTest, reader: Reader): unknown {
  return {
    ok: test.ok,
    answer:
      test.facts === null ? '' : `${test.facts.identifier} ${test.facts.version}, ${test.facts.daemonState}`,
    steps: test.steps.map((step) => ({
      ...step,
      ...wordsOf(step, reader),
      name: reader.say(`test.${step.step}`),
      mark: MARKS[step.result],
      time: step.ms === null ? '' : `${Math.round(step.ms)} ms`,
    })),
  };
}

/** What a step found and what mends it, in the reader's language. */
export function wordsOf(step: TestStep, reader: Reader): { readonly says: string; readonly mend: string } {
  const { cause, mend } = failureWords(step, reader);
  return { says: cause, mend };
}
