import type { LogTails } from '../../control/log-tails.ts';
import * as schemas from '../log-schemas.ts';
import type { Route } from '../route.ts';
import { read } from '../schemas.ts';
import { type LineStreamPorts, streamJsonLines } from '../stream-lines.ts';
import { usable } from './fleet.ts';

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
        const tail = usable(ports.tails.open({ ...wish, channels: channel, lastBytes: bytes, mode: follow }));
        await streamJsonLines(tail, call, ports);
      },
    },
  ];
}
