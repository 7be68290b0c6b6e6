import type { Cancel, Clock } from '../clock.ts';

/** Which parts of the fleet changed since somebody was told. */
export interface Dirt {
  readonly hosts: ReadonlySet<string>;
  readonly goneHosts: ReadonlySet<string>;
  /** By `hostId/group:name`. */
  readonly processes: ReadonlySet<string>;
  readonly goneProcesses: ReadonlySet<string>;
}

/** Gathers changes and hands them on together, at most once every `everyMs`. */
export class DirtCollector {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #handOn: (dirt: Dirt) => void;
  #dirt = nothing();
  #cancel: Cancel | null = null;

  constructor(clock: Clock, everyMs: number, handOn: (dirt: Dirt) => void) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#handOn = handOn;
  }

  host(id: string): void {
    this.#dirt.goneHosts.delete(id);
    this.#dirt.hosts.add(id);
    this.#arm();
  }

  goneHost(id: string): void {
    this.#dirt.hosts.delete(id);
    this.#dirt.goneHosts.add(id);
    this.#arm();
  }

  process(key: string): void {
    this.#dirt.goneProcesses.delete(key);
    this.#dirt.processes.add(key);
    this.#arm();
  }

  goneProcess(key: string): void {
    this.#dirt.processes.delete(key);
    this.#dirt.goneProcesses.add(key);
    this.#arm();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(): void {
    this.#cancel ??= this.#clock.after(this.#everyMs, () => {
      this.#cancel = null;
      const dirt = this.#dirt;
      this.#dirt = nothing();
      this.#handOn(dirt);
    });
  }
}

function nothing() {
  return {
    hosts: new Set<string>(),
    goneHosts: new Set<string>(),
    processes: new Set<string>(),
    goneProcesses: new Set<string>(),
  };
}
