import { answer, refuse } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { serveHealth } from './health.ts';
import { serveLogTail, serveMainLogTail } from './log-stream.ts';
import { serveMetrics } from './metrics.ts';
import { serveRpc } from './rpc-endpoint.ts';
import { serveStaticFile } from './static-files.ts';
import { serveStatusData } from './status-data.ts';
import { serveStatusPage } from './status-page.ts';
import { serveTailPage } from './tail-page.ts';

interface Route {
  readonly matches: (path: string) => boolean;
  readonly methods: readonly string[];
  readonly serve: (exchange: Exchange) => void | Promise<void>;
  /** The answer goes on for as long as the client stays. */
  readonly streams?: true;
}

const startsWith = (prefix: string) => (path: string) => path.startsWith(prefix);
const is =
  (...names: readonly string[]) =>
  (path: string) =>
    names.includes(path.replace(/^\/+/, ''));

/** In the order they are asked. Contract: RPC-001, RPC-002, RPC-144 to RPC-154, RPC-166. */
const ROUTES: readonly Route[] = [
  { matches: startsWith('/RPC2'), methods: ['POST'], serve: serveRpc },
  { matches: startsWith('/logtail'), methods: ['GET'], serve: serveLogTail, streams: true },
  { matches: startsWith('/mainlogtail'), methods: ['GET'], serve: serveMainLogTail, streams: true },
  { matches: is('', 'index.html'), methods: ['GET', 'POST'], serve: serveStatusPage },
  { matches: is('tail.html'), methods: ['GET', 'POST'], serve: serveTailPage },
  { matches: is('ok.html'), methods: ['GET', 'POST'], serve: serveOk },
  { matches: is('status.json'), methods: ['GET'], serve: serveStatusData },
  { matches: is('healthz'), methods: ['GET'], serve: serveHealth },
  { matches: is('metrics'), methods: ['GET'], serve: serveMetrics },
];
const OTHERWISE: Route = { matches: () => true, methods: ['GET', 'HEAD'], serve: serveStaticFile };

/** The route of a path; `HEAD` of a page is a file that is not there. Contract: RPC-015. */
export function routeOf(method: string, path: string): Route {
  const route = ROUTES.find(({ matches }) => matches(path)) ?? OTHERWISE;
  return method === 'HEAD' && route.methods.includes('GET') ? OTHERWISE : route;
}

/** Serves an authenticated request. A verb a route does not know is 400. */
export async function serve(exchange: Exchange): Promise<void> {
  const { req, res, path } = exchange;
  const route = routeOf(req.method ?? '', path);
  if (!route.methods.includes(req.method ?? '')) refuse(req, res, 400);
  else await route.serve(exchange);
}

function serveOk({ res }: Exchange): void {
  answer(res, 200, { 'Content-Type': 'text/plain' }, 'OK');
}
