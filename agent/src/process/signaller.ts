import type { MainLog } from '../logs/main-log.ts';
import type { Child } from '../os/os.ts';
import { signalName } from '../os/signals.ts';

/** Sends signals to the children of one process, and says in the log what came of them. Contract: PROC-051 to PROC-059. */
export class Signaller {
  readonly #name: string;
  readonly #log: MainLog;
  readonly #failed: () => void;

  /** `failed`: the system refused, so nobody knows what the child does. */
  constructor(name: string, log: MainLog, failed: () => void) {
    this.#name = name;
    this.#log = log;
    this.#failed = failed;
  }

  /** A signal somebody asked for. Null, or what went wrong in words. */
  send(child: Child, signal: number): string | null {
    const what = `sig ${signalName(signal)}`;
    this.#log.debug(`sending ${this.#name} (pid ${child.pid}) ${what}`);
    return this.#deliver(child, signal, 'child', `sending ${what}`);
  }

  /** A signal that is to end it. A child that is gone already is no problem. */
  kill(child: Child, signal: number, to: 'child' | 'group'): string | null {
    const what = to === 'group' ? 'process group ' : '';
    this.#log.debug(`killing ${this.#name} (pid ${child.pid}) ${what}with signal ${signalName(signal)}`);
    return this.#deliver(child, signal, to, 'killing');
  }

  #deliver(child: Child, signal: number, to: 'child' | 'group', doing: string): string | null {
    const result = child.signal(signal, to);
    if (result.kind === 'sent') return null;
    if (result.kind === 'gone') {
      this.#log.debug(
        `unable to signal ${this.#name} (pid ${child.pid}), it probably just exited on its own`,
      );
      return null;
    }
    const problem = `unknown problem ${doing} ${this.#name} (${child.pid}): ${result.errno}`;
    this.#log.critical(problem);
    this.#failed();
    return problem;
  }
}
