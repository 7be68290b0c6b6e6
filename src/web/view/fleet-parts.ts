import type { FleetMessage } from '../../live/contract.ts';
import type { FleetNow } from '../fleet-now.ts';

/** Puts the messages together that a large fleet comes in. */
export class FleetParts {
  #first: FleetMessage | null = null;
  #rest: FleetMessage[] = [];

  /** The whole fleet with its last part; null while more is to come. One that begins anew forgets what was there. */
  take({ continues, more, ...part }: FleetMessage): FleetNow | null {
    if (continues === true && this.#first !== null) this.#rest.push(part);
    else [this.#first, this.#rest] = [part, []];
    if (more === true) return null;
    const all = [this.#first, ...this.#rest];
    const whole = {
      ...this.#first,
      hosts: all.flatMap(({ hosts }) => hosts),
      processes: all.flatMap(({ processes }) => processes),
    };
    [this.#first, this.#rest] = [null, []];
    return whole;
  }
}
