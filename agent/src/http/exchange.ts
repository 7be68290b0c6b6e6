import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MainLog } from '../logs/main-log.ts';
import type { Clock } from '../os/clock.ts';
import type { Supervisor } from '../process/supervisor.ts';
import type { Methods } from '../rpc/methods.ts';
import type { ProcessCounters } from './process-counters.ts';

/** What every route may use. */
export interface HttpContext {
  readonly methods: Methods;
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  readonly log: MainLog;
  readonly counters: ProcessCounters;
  /** Secret of this run that only pages of ours know. */
  readonly pageToken: string;
  /** False when so much is waiting to be sent that another large answer would be too much. */
  readonly hasRoomFor: (bytes: number) => boolean;
}

/** One request and its answer. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly context: HttpContext;
  /** The path as sent, without query. */
  readonly path: string;
  /** The query as sent, without `?`. */
  readonly query: string;
}
