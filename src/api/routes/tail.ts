import { mayI } from '../../accounts/rights.ts';
import type { LogTails } from '../../control/log-tails.ts';
import { placeOf } from '../../control/seen-fleet.ts';
import type { HostView } from '../../fleet/host.ts';
import type { ProcessView } from '../../fleet/process.ts';
import * as schemas from '../log-schemas.ts';
import type { Call, Route } from '../route.ts';
import { read } from '../schemas.ts';
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
    {
      method: 'get',
      path: '/tail',
      right: 'read-logs',
      async run(call) {
        const { channel, bytes, follow, ...wish } = read(schemas.tailQuery, { ...call.req.query });
        const sees = readableBy(call);
        const tail = usable(
          ports.tails.open({ ...wish, channels: channel, lastBytes: bytes, mode: follow, sees }),
        );
        await streamJsonLines(tail, call, ports);
      },
    },
  ];
}
