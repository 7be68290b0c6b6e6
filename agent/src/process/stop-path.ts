import type { ProcessConfig } from '../config/config.ts';
import type { Child } from '../os/os.ts';
import type { OneWait } from './one-wait.ts';
import type { Ports } from './process-parts.ts';
import type { ProcessRecord } from './process-record.ts';
import type { Signaller } from './signaller.ts';

const SIGKILL = 9;
/** A child that SIGKILL does not end is not told more often than this, however short stopwaitsecs is. */
const SHORTEST_KILL_REPEAT_MS = 1000;

/** The process whose child is to end. */
export interface Stoppable {
  readonly config: ProcessConfig;
  readonly record: ProcessRecord;
  readonly ports: Ports;
  readonly wait: OneWait;
  readonly signals: Signaller;
  child(): Child | null;
  /** Moves it to the state a stop leads to. */
  stopping(): void;
}

/** How a child is made to end: its stopsignal, and SIGKILL once stopwaitsecs are over. Contract: PROC-051 to PROC-058. */
export class StopPath {
  readonly #of: Stoppable;

  constructor(of: Stoppable) {
    this.#of = of;
  }

  /** Null, or what went wrong in words. A child that is gone already is no problem. */
  begin(): string | null {
    const { config, record, ports, wait, stopping } = this.#of;
    if (record.state === 'BACKOFF') {
      ports.log.debug(`Attempted to kill ${config.name}, which is in BACKOFF state.`);
      stopping();
      return null;
    }
    record.stopAsked = true;
    ports.ledger.stopping(record.pid);
    stopping();
    wait.begin('kill', config.stopWaitMs);
    return this.#kill(config.stopSignal, config.stopAsGroup);
  }

  /** It did not end in time. */
  overran(): void {
    const { config, record, ports, wait } = this.#of;
    ports.log.warn(`killing '${config.name}' (${record.pid}) with SIGKILL`);
    wait.begin('kill', Math.max(config.stopWaitMs, SHORTEST_KILL_REPEAT_MS));
    this.#kill(SIGKILL, config.killAsGroup);
  }

  #kill(signal: number, asGroup: boolean): string | null {
    const child = this.#of.child();
    return child && this.#of.signals.kill(child, signal, asGroup ? 'group' : 'child');
  }
}
