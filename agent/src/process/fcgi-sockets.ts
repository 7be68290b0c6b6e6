import type { FcgiSocketConfig } from '../config/config.ts';
import type { MainLog } from '../logs/main-log.ts';
import type { Os, SharedSocket } from '../os/os.ts';
import type { HeldSocket } from './process-parts.ts';

interface Shared {
  readonly socket: SharedSocket;
  holders: number;
}

/** The FastCGI sockets of a group: opened for the first child, closed when the last is gone. Contract: PROC-119 to PROC-123. */
export class FcgiSockets {
  readonly #os: Os;
  readonly #log: MainLog;
  readonly #open = new Map<string, Shared>();

  constructor(os: Os, log: MainLog) {
    this.#os = os;
    this.#log = log;
  }

  /** Throws the system's error. */
  hold(config: FcgiSocketConfig): HeldSocket {
    const shared = this.#open.get(config.url) ?? this.#create(config);
    shared.holders += 1;
    return { fd: shared.socket.fd, release: () => this.#release(config.url, shared) };
  }

  #create(config: FcgiSocketConfig): Shared {
    this.#log.info(`Creating socket ${config.url}`);
    const shared = { socket: this.#os.listenShared(config), holders: 0 };
    this.#open.set(config.url, shared);
    return shared;
  }

  #release(url: string, shared: Shared): void {
    shared.holders -= 1;
    if (shared.holders > 0) return;
    this.#log.info(`Closing socket ${url}`);
    this.#open.delete(url);
    shared.socket.close();
  }
}
