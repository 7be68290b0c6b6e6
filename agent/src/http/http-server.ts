import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Socket } from 'node:net';
import { answerError, errorPage, refuse, SERVER_HEADER } from './answers.ts';
import type { AuthThrottle } from './auth-throttle.ts';
import { type Credentials, isAuthentic, readCredentials } from './basic-auth.ts';
import type { Connections } from './connections.ts';
import type { HttpContext } from './exchange.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { isOtherName, OTHER_NAME } from './own-name.ts';
import { routeOf, serve } from './routes.ts';

const MAX_HEADER_BYTES = 16 * 1024;
const NEVER_MS = 2 ** 31 - 1;
const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="default"' };

export interface ServerParts {
  readonly context: HttpContext;
  readonly connections: Connections;
  readonly throttle: AuthThrottle;
  readonly auth: Credentials | null;
  /** Set where browsers come directly: the machine's own name. */
  readonly machineName: string | null;
}

/** A server that speaks as supervisord's does; its time limits are kept by `connections`, not by a ticking check. */
export function createHttpServer(parts: ServerParts): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false,
    keepAliveTimeout: 0,
    headersTimeout: 0,
    requestTimeout: 0,
    connectionsCheckingInterval: NEVER_MS,
  });
  server.on('connection', (socket: Socket) => parts.connections.add(socket));
  const requests = new OneAtATime();
  const take = (req: IncomingMessage, res: ServerResponse): void =>
    requests.take(req, res, () => receive(parts, req, res));
  server.on('request', take);
  server.on('checkContinue', take);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerGarbage(error, socket as Socket));
  return server;
}

function receive(parts: ServerParts, req: IncomingMessage, res: ServerResponse): void {
  const { connections } = parts;
  const { socket } = req;
  res.setHeader('Server', SERVER_HEADER);
  res.on('error', () => {}); // the client is gone: 'close' tells the rest
  connections.enter(socket, 'reading');
  req.on('end', () => connections.enter(socket, phaseOf(req)));
  res.on('close', () => connections.enter(socket, 'idle'));
  if (req.httpVersionMajor < 1) refuse(req, res, 500);
  else if (isMisnamed(parts, req)) refuse(req, res, 403, {}, OTHER_NAME);
  else authenticate(parts, req, res, () => void handle(parts, req, res));
}

function isMisnamed({ auth, machineName }: ServerParts, req: IncomingMessage): boolean {
  return auth === null && machineName !== null && isOtherName(req, machineName);
}

function phaseOf(req: IncomingMessage): 'streaming' | 'answering' {
  return routeOf(req.method ?? '', req.url ?? '').streams === true ? 'streaming' : 'answering';
}

type Verdict = 'welcome' | 'unknown' | 'wrong';

/** Looks at the header only: an unknown client's body is never read. Contract: RPC-135 to RPC-139. */
function authenticate(parts: ServerParts, req: IncomingMessage, res: ServerResponse, goOn: () => void): void {
  const address = req.socket.remoteAddress ?? 'local';
  switch (judge(parts, req, address)) {
    case 'welcome':
      goOn();
      break;
    case 'unknown':
      refuse(req, res, 401, CHALLENGE);
      break;
    case 'wrong':
      parts.throttle.failed(address, () => refuse(req, res, 401, CHALLENGE));
  }
}

function judge({ auth, throttle }: ServerParts, req: IncomingMessage, address: string): Verdict {
  if (auth === null) return 'welcome';
  const given = readCredentials(req.headers.authorization);
  if (given === null || throttle.isFlooded(address)) return 'unknown';
  if (!isAuthentic(given, auth)) return 'wrong';
  throttle.succeeded(address);
  return 'welcome';
}

async function handle({ context }: ServerParts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = req.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  try {
    if (req.method === 'GET' || req.method === 'HEAD') req.resume();
    await serve({ req, res, context, path, query: mark < 0 ? '' : url.slice(mark + 1) });
  } catch (error) {
    if (req.destroyed && !req.complete) return; // went away in the middle of its own request
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    context.log.critical(
      `Handling the request ${req.method} ${path} raised an unexpected exception: ${words}`,
    );
    if (res.headersSent) res.destroy();
    else answerError(res, 500);
  }
}

/** What is no HTTP request: an answer where supervisord has one, else the connection ends. Contract: RPC-015. */
function answerGarbage(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket): void {
  const status = statusOfGarbage(error);
  if (status === null || !socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const page = errorPage(status);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nServer: ${SERVER_HEADER}\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n`;
  socket.end(head + page, () => socket.destroy());
}

function statusOfGarbage({ code, rawPacket }: NodeJS.ErrnoException & { rawPacket?: Buffer }): number | null {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  const line = rawPacket?.subarray(0, 256).toString('latin1') ?? '';
  if (/^[A-Z]+ \S+\r?\n/.test(line)) return 500;
  return /^[A-Z]+ \S+ HTTP\/1\.[01]\r?\n/.test(line) ? 400 : null;
}
