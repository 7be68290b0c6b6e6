import type { Clock } from '../clock.ts';
import type { Endpoint } from './endpoint.ts';
import { RequestGuard, type RequestGuards } from './guarded-request.ts';

/** POSTs bytes and gives the whole body of a 200. Throws `TransportError` for everything else, by the deadline. */
export function post(endpoint: Endpoint, body: Buffer, guards: RequestGuards, clock: Clock): Promise<Buffer> {
  return new Promise((done, fail) => {
    const guard = new RequestGuard(guards, clock, fail);
    const failed = (error: unknown): void => {
      guard.done();
      fail(guard.explain(error));
    };
    const options = endpoint.requestOptions();
    options.headers['content-length'] = String(body.length);
    const request = endpoint.transport.request(options);
    guard.watch(request);
    request.on('error', failed);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => {
        const verdict = guard.done();
        if (verdict === null) done(whole(chunks));
        else fail(verdict);
      });
    });
    request.end(body);
  });
}

/** Most answers come in one piece, which nobody else has. */
function whole(chunks: readonly Buffer[]): Buffer {
  const [first, ...more] = chunks;
  return first !== undefined && more.length === 0 ? first : Buffer.concat(chunks);
}
