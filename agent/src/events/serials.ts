import type { SupervisorEvent } from './event.ts';

/** Numbers events given to some pool, from 0, the same for every pool; outlives restarts in place. Contract: EVT-036, EVT-039. */
export interface Serials {
  /** The event's number; its first asking gives it one. */
  of(event: SupervisorEvent): number;
}

export function createSerials(): Serials {
  const given = new WeakMap<SupervisorEvent, number>();
  let next = 0;
  return {
    of(event) {
      const known = given.get(event);
      if (known !== undefined) return known;
      given.set(event, next);
      return next++;
    },
  };
}
