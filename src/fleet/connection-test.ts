import type { HostFacts } from './host.ts';
import type { Said } from './said.ts';

/** The way to a supervisor, a step at a time. `tls` only for https, `name` only where there is a name. */
export const TEST_STEPS = ['name', 'connect', 'tls', 'sign-in', 'answer'] as const;
export type TestStepName = (typeof TEST_STEPS)[number];

export interface TestStep {
  readonly step: TestStepName;
  /** `skipped`: not needed, or never come to. */
  readonly result: 'done' | 'failed' | 'skipped';
  readonly ms: number | null;
  /** What was found, or what is wrong. Quotes nothing the host sent but its version. */
  readonly says: string;
  /** What to do about it; empty unless the step failed. */
  readonly mend: string;
  /** Both by what they say. */
  readonly said?: Said;
  readonly mendSaid?: Said;
}

/** What came of going the whole way once, by connections of its own. */
export interface ConnectionTest {
  readonly ok: boolean;
  readonly steps: readonly TestStep[];
  readonly facts: Pick<HostFacts, 'version' | 'identifier' | 'daemonState'> | null;
  /** SHA-256 of the certificate that was shown, in lower-case hex, to be pinned. */
  readonly certificateSha256: string | null;
}
