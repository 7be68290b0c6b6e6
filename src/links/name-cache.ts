import type { LookupAddress } from 'node:dns';
import type { Clock } from '../clock.ts';
import { Turns } from '../turns.ts';

export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

interface Known {
  readonly addresses: readonly LookupAddress[];
  readonly atMs: number;
}

/** Questions at once: the system answers them on the few threads that also read files and hash passwords. */
const MOST_AT_ONCE = 2;
const FRESH_MS = 30_000;
/** A name server that fails does not take hosts away whose address was known a while ago. */
const KEPT_MS = 10 * 60_000;
const PATIENCE_MS = 1_000;

/**
 * Resolves names as the system does, few at a time, and keeps what it learned for half a minute. While the name server
 * is slow or fails, the last address is used for ten minutes more; a name it says is not there is gone at once.
 */
export class NameCache {
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<readonly LookupAddress[]>>();
  readonly #turns = new Turns(MOST_AT_ONCE);

  constructor(lookup: Lookup, clock: Clock) {
    this.#lookup = lookup;
    this.#clock = clock;
  }

  /** Rejects with the system's error. */
  async resolve(hostname: string): Promise<readonly LookupAddress[]> {
    const known = this.#known.get(hostname);
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : this.#clock.uptimeMs() - known.atMs;
    if (known !== undefined && ageMs < FRESH_MS) return known.addresses;
    const asked = this.#asking.get(hostname) ?? this.#ask(hostname);
    if (known === undefined || ageMs >= KEPT_MS) return asked;
    return this.#orLast(asked, known.addresses);
  }

  #ask(hostname: string): Promise<readonly LookupAddress[]> {
    const asked = this.#turns
      .run(() => this.#lookup(hostname))
      .then((addresses) => {
        this.#known.set(hostname, { addresses, atMs: this.#clock.uptimeMs() });
        return addresses;
      })
      .catch((error: unknown) => {
        if (codeOf(error) === 'ENOTFOUND') this.#known.delete(hostname);
        throw error;
      })
      .finally(() => this.#asking.delete(hostname));
    this.#asking.set(hostname, asked);
    return asked;
  }

  #orLast(
    asked: Promise<readonly LookupAddress[]>,
    last: readonly LookupAddress[],
  ): Promise<readonly LookupAddress[]> {
    return new Promise((done, fail) => {
      const cancel = this.#clock.after(PATIENCE_MS, () => done(last));
      asked
        .then(done, (error: unknown) => (codeOf(error) === 'ENOTFOUND' ? fail(error) : done(last)))
        .finally(cancel);
    });
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
