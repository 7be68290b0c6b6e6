import http from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Lifetime } from './supervisors.ts';

export interface PathProxyOptions {
  readonly path: string;
  readonly target: () => number;
  readonly forwardedFor?: string;
  /** By what it says the browser came. */
  readonly scheme?: 'http' | 'https';
  /** The Host it passes on; left out: as the browser sent it. */
  readonly hostTold?: (host: string) => string;
}

/** A reverse proxy as nginx would be set up: one path, WebSockets too, telling who asked and how. */
export async function pathProxy(
  t: Lifetime,
  { path, target, forwardedFor, scheme = 'https', hostTold = (host) => host }: PathProxyOptions,
): Promise<string> {
  const told = (req: http.IncomingMessage) => ({
    ...req.headers,
    host: hostTold(req.headers.host ?? ''),
    'x-forwarded-for': forwardedFor ?? req.socket.remoteAddress ?? '',
    'x-forwarded-proto': scheme,
    'x-forwarded-host': hostTold(req.headers.host ?? ''),
  });
  const server = http.createServer((req, res) => {
    if (!req.url?.startsWith(`${path}/`) && req.url !== path) return void res.writeHead(404).end('elsewhere');
    const onward = http.request(
      { port: target(), host: '127.0.0.1', path: req.url, method: req.method, headers: told(req) },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      },
    );
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  server.on('upgrade', (req, near) => {
    const far = connect(target(), '127.0.0.1', () => {
      const headers = Object.entries(told(req)).map(([name, value]) => `${name}: ${value}`);
      far.write(`${req.method} ${req.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      far.pipe(near).pipe(far);
    });
    far.on('error', () => near.destroy());
    near.on('error', () => far.destroy());
    t.onTestFinished(() => void near.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
