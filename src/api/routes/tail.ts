import { mayI } from '../../accounts/rights.ts';
import type { LogTails } from '../../control/log-tails.ts';
import { placeOf } from '../../control/seen-fleet.ts';
import type { HostView } from '../../fleet/host.ts';
import type { ProcessView } from '../../fleet/process.ts';
import * as schemas from '../log-schemas.ts';
import { tailLine } from '../log-shapes.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { type LineStreamPorts, streamJsonLines } from '../stream-lines.ts';
import { usable } from './fleet.ts';

/** Whose logs somebody may read. */
export function readableBy({ visitor }: Call): (host: HostView, process: ProcessView) => boolean {
  return (host, process) => mayI(visitor.person, 'read-logs', placeOf(host, process));
}

export interface TailPorts extends LineStreamPorts {
  readonly tails: LogTails;
}

export function tailRoutes(ports: TailPorts): Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/tail',
      right: 'read-logs',
      says: 'Gives the last lines of one or many logs, merged, and with `follow=1` those to come, as a stream.',
      query: schemas.tailQuery,
      answers: { 200: { stream: 'application/x-ndjson', each: tailLine } },
      problems: ['unusable'],
      async run(call) {
        const { channel, bytes, follow, ...wish } = call.query;
        const sees = readableBy(call);
        const tail = usable(
          ports.tails.open({ ...wish, channels: channel, lastBytes: bytes, mode: follow, sees }),
        );
        await streamJsonLines(tail, call, ports);
      },
    }),
  ];
}
