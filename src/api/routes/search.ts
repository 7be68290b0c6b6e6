import * as schemas from '../log-schemas.ts';
import { searchResult } from '../log-shapes.ts';
import { guardedRoute, type Route } from '../route.ts';
import { streamJsonLines, whileReading, write } from '../stream-lines.ts';
import { found, readableBy, type TailPorts } from './tail.ts';

export function searchRoutes(ports: TailPorts): Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/search',
      right: 'read-logs',
      cost: 'expensive',
      says: 'Looks for lines in the ends of many logs, as a stream.',
      more: 'Each log that is done tells its counts; the last line is the sum. Needs `text` or `regex` (RE2).',
      query: schemas.searchQuery,
      answers: { 200: { stream: 'application/x-ndjson', each: searchResult } },
      problems: ['unusable', 'not-found'],
      async run(call) {
        const { selector, channel, megabytes, ...wish } = call.query;
        const search = ports.tails.search({
          ...wish,
          target: selector,
          channels: channel,
          bytes: megabytes,
          sees: readableBy(call),
        });
        await streamJsonLines(found(search), call, ports);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/download',
      right: 'read-logs',
      cost: 'expensive',
      says: 'Gives the ends of logs as a text file.',
      query: schemas.downloadQuery,
      answers: { 200: 'text/plain' },
      problems: ['unusable', 'not-found'],
      async run(call) {
        const { target, channel, megabytes } = call.query;
        const { fileName, data, close } = found(
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
    }),
  ];
}
