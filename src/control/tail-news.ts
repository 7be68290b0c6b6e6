import { type ProcessView, processKey } from '../fleet/process.ts';
import type { FleetChange, FleetState } from './fleet-state.ts';
import { Subscribers } from './subscribers.ts';

/** A change of the fleet as tails see it: most changes are of processes they had no part in, and still have none. */
export interface TailNews {
  readonly change: FleetChange;
  /** New, or with another log than before. */
  readonly appeared: readonly ProcessView[];
}

/** Tells all open tails which processes came to be; looks at each change once for all of them. */
export class TailNewsDesk {
  readonly news: Subscribers<TailNews>;
  readonly #known = new Map<string, number>();

  constructor(fleet: FleetState, bug: (error: unknown) => void) {
    this.news = new Subscribers(bug);
    for (const process of fleet.processes()) this.#known.set(processKey(process), logsOf(process));
    fleet.changes.add((change) => this.news.tell({ change, appeared: this.#appeared(change) }));
  }

  #appeared(change: FleetChange): ProcessView[] {
    for (const key of change.goneProcesses) this.#known.delete(key);
    return change.processes.filter((process) => {
      const key = processKey(process);
      const logs = logsOf(process);
      if (this.#known.get(key) === logs) return false;
      this.#known.set(key, logs);
      return true;
    });
  }
}

const logsOf = ({ hasStdout, hasStderr }: ProcessView): number => (hasStdout ? 1 : 0) + (hasStderr ? 2 : 0);
