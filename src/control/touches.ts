import { Subscribers } from './subscribers.ts';

/** Tells those who wait for something to happen on a host; whoever waits for another host costs nothing. */
export class Touches {
  readonly #bug: (error: unknown) => void;
  readonly #ofHost = new Map<string, Subscribers<string | null>>();

  constructor(bug: (error: unknown) => void) {
    this.#bug = bug;
  }

  /** `hear` gets the key of a process, or null for all of the host's. Returns the way to unsubscribe. */
  add(hostId: string, hear: (key: string | null) => void): () => void {
    const here = this.#ofHost.get(hostId) ?? new Subscribers(this.#bug);
    this.#ofHost.set(hostId, here);
    const remove = here.add(hear);
    return () => {
      remove();
      if (here.isEmpty && this.#ofHost.get(hostId) === here) this.#ofHost.delete(hostId);
    };
  }

  tell(hostId: string, key: string | null): void {
    this.#ofHost.get(hostId)?.tell(key);
  }
}
