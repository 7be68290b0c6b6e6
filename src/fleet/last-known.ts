import type { HostFacts } from './host.ts';
import type { ProcessFacts } from './process.ts';

/** What a host told last, and when. */
export interface LastKnown {
  readonly seenAtMs: number;
  /** Null: it was not known to be away. */
  readonly unreachableSinceMs: number | null;
  readonly facts: HostFacts;
  readonly processes: readonly ProcessFacts[];
}
