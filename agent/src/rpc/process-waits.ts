import type { EventBus, ProcessName, ProcessStateEvent } from '../events/event.ts';

type Hear = (event: ProcessStateEvent) => void;

/** Calls that wait for a process: one subscription, found by name, so a waiting call costs the others nothing. */
export class ProcessWaits {
  readonly #waiting = new Map<string, Set<Hear>>();

  constructor(events: EventBus) {
    events.subscribe((event) => {
      if (event.kind !== 'process-state') return;
      for (const hear of [...(this.#waiting.get(keyOf(event.process)) ?? [])]) hear(event);
    });
  }

  /**
   * Resolves once `judge` answers something other than undefined for a change of state of the process;
   * rejects with what it throws.
   */
  until<T>(process: ProcessName, judge: (event: ProcessStateEvent) => T | undefined): Promise<T> {
    return new Promise<T>((done, fail) => {
      const forget = this.#hear(process, (event) => {
        try {
          const verdict = judge(event);
          if (verdict === undefined) return;
          done(verdict);
        } catch (error) {
          fail(error);
        }
        forget();
      });
    });
  }

  #hear(process: ProcessName, hear: Hear): () => void {
    const key = keyOf(process);
    const ears = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, ears.add(hear));
    return () => {
      ears.delete(hear);
      if (ears.size === 0 && this.#waiting.get(key) === ears) this.#waiting.delete(key);
    };
  }
}

function keyOf({ group, name }: ProcessName): string {
  return `${group}\n${name}`;
}
