import type { Cancel, Clock } from '../clock.ts';
import type { LastKnown } from '../fleet/last-known.ts';

const WRITE_EVERY_MS = 15_000;
/** A thousand hosts that come back at once are written in turns. */
const AT_ONCE = 100;

export interface LastKnownKeeperPorts {
  readonly rows: { put(hosts: ReadonlyMap<string, LastKnown>): void };
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
}

/** Writes down what hosts told last, a while after it changed, and the rest when the hub ends. */
export class LastKnownKeeper {
  readonly #ports: LastKnownKeeperPorts;
  readonly #due = new Map<string, () => LastKnown | null>();
  #cancel: Cancel | null = null;

  constructor(ports: LastKnownKeeperPorts) {
    this.#ports = ports;
  }

  /** A host told something new; `tell` is asked when it is written. */
  changed(hostId: string, tell: () => LastKnown | null): void {
    this.#due.set(hostId, tell);
    this.#cancel ??= this.#ports.clock.after(WRITE_EVERY_MS, () => this.#round());
  }

  close(): void {
    this.#cancel?.();
    while (this.#due.size > 0) this.#write();
  }

  #round(): void {
    this.#write();
    this.#cancel = this.#due.size === 0 ? null : this.#ports.clock.after(WRITE_EVERY_MS, () => this.#round());
  }

  /** What cannot be written is left: it was to help at the next start, and is written with the next change. */
  #write(): void {
    const written = new Map<string, LastKnown>();
    for (const [hostId, tell] of [...this.#due].slice(0, AT_ONCE)) {
      this.#due.delete(hostId);
      const known = tell();
      if (known !== null) written.set(hostId, known);
    }
    try {
      this.#ports.rows.put(written);
    } catch (error) {
      this.#ports.failed(error);
    }
  }
}
