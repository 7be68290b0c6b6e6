import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request } from 'express';
import { API_ROOT } from '../api/contract.ts';
import type { ApiAnswer, ApiCall } from '../web/web-ports.ts';

/** What of a page's request counts for the gate, too: who asks, from where, by which page. */
const HANDED_ON = [
  'cookie',
  'host',
  'origin',
  'sec-fetch-site',
  'user-agent',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
] as const;

/**
 * Answers what a page needs by the API itself, without a connection: the same gate, the same audit, no second way in.
 * `app` is the whole of the hub's HTTP, as behind the listener.
 */
export function innerApi(app: RequestListener, basePath: string) {
  return (page: Request, call: ApiCall): Promise<ApiAnswer> =>
    new Promise((resolve) => {
      const socket = new Ear(page);
      const req = requestOf(page, call, socket, `${basePath}${API_ROOT}${call.path}`);
      const res = new ServerResponse(req);
      res.assignSocket(socket);
      res.once('finish', () => {
        res.emit('close'); // a connection would; the audit waits for it
        const text = socket.heard();
        resolve({
          status: res.statusCode,
          cookies: [res.getHeader('set-cookie') ?? []].flat().map(String),
          ...(res.hasHeader('etag') ? { etag: String(res.getHeader('etag')) } : {}),
          body: bodyOf(text, String(res.getHeader('content-type'))),
        });
      });
      app(req, res);
    });
}

/** JSON, or of JSON lines all of them. */
function bodyOf(text: string, type: string): unknown {
  if (text === '') return null;
  return type.includes('ndjson') ? text.trimEnd().split('\n').map(parsed) : parsed(text);
}

const parsed = (text: string): unknown => JSON.parse(text);

interface Heard {
  readonly chunk: Buffer | string;
  readonly encoding: BufferEncoding;
}

/** Stands where a connection stood: tells where from, and hears the answer. */
class Ear extends Socket {
  readonly #heard: Buffer[] = [];

  constructor(page: Request) {
    super();
    Object.defineProperty(this, 'remoteAddress', { value: page.socket.remoteAddress });
    Object.defineProperty(this, 'encrypted', { value: 'encrypted' in page.socket });
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.#hear(chunk, encoding);
    done();
  }

  override _writev(chunks: readonly Heard[], done: () => void): void {
    for (const { chunk, encoding } of chunks) this.#hear(chunk, encoding);
    done();
  }

  /** The body of the answer. */
  heard(): string {
    const text = Buffer.concat(this.#heard).toString();
    return text.slice(text.indexOf('\r\n\r\n') + 4);
  }

  #hear(chunk: Buffer | string, encoding: BufferEncoding): void {
    this.#heard.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
  }
}

function requestOf(page: Request, call: ApiCall, socket: Socket, url: string): IncomingMessage {
  const req = new IncomingMessage(socket);
  const body = call.body === undefined ? '' : JSON.stringify(call.body);
  req.method = call.method;
  req.url = url;
  for (const name of HANDED_ON) {
    const value = page.headers[name];
    if (value !== undefined) Object.assign(req.headers, { [name]: value });
  }
  req.headers.accept = 'application/json';
  if (body !== '') {
    req.headers['content-type'] = 'application/json';
    req.headers['content-length'] = String(Buffer.byteLength(body));
    req.push(body);
  }
  if (call.csrf !== undefined) req.headers['x-csrf-token'] = call.csrf;
  if (call.ifMatch !== undefined) req.headers['if-match'] = call.ifMatch;
  req.complete = true; // else its end would count as a client that went away
  req.push(null);
  return req;
}
