import * as schemas from '../log-schemas.ts';
import type { Route } from '../route.ts';
import { read } from '../schemas.ts';
import { streamJsonLines, whileReading, write } from '../stream-lines.ts';
import { usable } from './fleet.ts';
import { readableBy, type TailPorts } from './tail.ts';

export function searchRoutes(ports: TailPorts): Route[] {
  return [
    {
      method: 'get',
      path: '/search',
      right: 'read-logs',
      async run(call) {
        const { selector, channel, megabytes, ...wish } = read(schemas.searchQuery, { ...call.req.query });
        const search = ports.tails.search({
          ...wish,
          target: selector,
          channels: channel,
          bytes: megabytes,
          sees: readableBy(call),
        });
        await streamJsonLines(usable(search), call, ports);
      },
    },
    {
      method: 'get',
      path: '/download',
      right: 'read-logs',
      async run(call) {
        const { target, channel, megabytes } = read(schemas.downloadQuery, { ...call.req.query });
        const { fileName, data, close } = usable(
          await ports.tails.download({ target, channels: channel, bytes: megabytes, sees: readableBy(call) }),
        );
        call.res.status(200).set({
          'content-type': 'text/plain; charset=utf-8',
          'content-disposition': `attachment; filename="${fileName}"`,
          'x-content-type-options': 'nosniff',
        });
        await whileReading({ close }, call, ports, async () => {
          for await (const piece of data) if (!(await write(call.res, piece))) break;
        });
      },
    },
  ];
}
