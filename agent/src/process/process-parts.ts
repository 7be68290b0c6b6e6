import type { EventBus } from '../events/event.ts';
import type { ListenerFeed } from '../events/listener-port.ts';
import type { ChildLog } from '../logs/child-log.ts';
import type { MainLog } from '../logs/main-log.ts';
import type { Clock } from '../os/clock.ts';
import type { Os } from '../os/os.ts';
import type { ChildLedger } from './child-ledger.ts';
import type { StrayReport } from './strays.ts';

/** What every process of a daemon shares. */
export interface Ports {
  readonly clock: Clock;
  readonly os: Os;
  readonly events: EventBus;
  readonly log: MainLog;
  readonly ledger: ChildLedger;
  readonly strays: StrayReport;
}

/** A socket held open while children use it. */
export interface HeldSocket {
  readonly fd: number;
  release(): void;
}

/** What one process is given by its group. */
export interface ProcessParts {
  readonly ports: Ports;
  readonly stdout: ChildLog;
  /** Null when stderr goes where stdout goes. */
  readonly stderr: ChildLog | null;
  /** For a process of a listener pool: where its stdout goes besides the log. */
  readonly listener: ListenerFeed | null;
  /** For a FastCGI process: its share of the socket. Throws the system's error. */
  readonly holdSocket: (() => HeldSocket) | null;
  /** False once the daemon stops: then nothing starts by itself. Contract: PROC-049. */
  readonly mayStart: () => boolean;
  /** Runs an automatic start in its turn, so that many at once never block the loop for long. */
  readonly startSoon: (start: () => void) => void;
}
