import { createConnection, type Socket } from 'node:net';

/** Where a daemon listens: a socket path or a TCP port of 127.0.0.1. */
export type Address = string | number;

export interface RawAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function connectTo(address: Address): Socket {
  return typeof address === 'string'
    ? createConnection(address)
    : createConnection({ port: address, host: '127.0.0.1' });
}

/** Sends bytes as they are; resolves with all that came back when the other end closes or `enough` says so. */
export function sendRaw(
  address: Address,
  bytes: string | Buffer,
  enough: (got: string) => boolean = () => false,
  { withinMs = 15_000 } = {},
): Promise<string> {
  return new Promise((done) => {
    const socket = connectTo(address);
    let got = '';
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      done(got);
    };
    const timer = setTimeout(end, withinMs);
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
      if (enough(got)) end();
    });
    socket.on('end', end);
    socket.on('error', end);
    socket.write(bytes);
  });
}

/** One request with a body, on a connection of its own; what a plain HTTP client would see. */
export async function request(
  address: Address,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Readonly<Record<string, string>>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ Host: 'test.invalid', ...length, Connection: 'close', ...headers });
  const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return parseAnswer(await sendRaw(address, Buffer.concat([Buffer.from(head), Buffer.from(body ?? '')])));
}

/** The first answer in what came back; a chunked body is put together. */
export function parseAnswer(got: string): RawAnswer {
  const [head = '', ...rest] = got.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  const raw = rest.join('\r\n\r\n');
  const body = headers['transfer-encoding'] === 'chunked' ? unchunk(raw) : raw;
  return { status: Number(line.split(' ')[1]), headers, body: Buffer.from(body, 'latin1').toString('utf8') };
}

/** The bytes of as many whole chunks as there are. */
export function unchunk(raw: string): string {
  let out = '';
  let at = 0;
  for (;;) {
    const lineEnd = raw.indexOf('\r\n', at);
    const length = lineEnd < 0 ? 0 : Number.parseInt(raw.slice(at, lineEnd), 16);
    if (!(length > 0)) return out;
    out += raw.slice(lineEnd + 2, lineEnd + 2 + length);
    at = lineEnd + 2 + length + 2;
  }
}

/** The body of a method call; parameters are XML already. */
export function callXml(method: string, ...params: string[]): string {
  const list = params.map((param) => `<param><value>${param}</value></param>`).join('');
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${list}</params></methodCall>`;
}
