import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';

/** What clients see instead of a product name; some look for it. Contract: RPC-014. */
export const SERVER_HEADER = 'Medusa/1.12';
/** How much of an unwanted body is read and dropped so that its sender gets to see the answer. */
const LINGER_BYTES = 96 * 1024 * 1024;

const PIECE_BYTES = 256 * 1024;

/** supervisord's small page for a status; `says` is HTML that explains more than its reason. Contract: RPC-016. */
export function errorPage(status: number, says = STATUS_CODES[status] ?? 'Unknown'): string {
  return [
    '<head>',
    '<title>Error response</title>',
    '</head>',
    '<body>',
    '<h1>Error response</h1>',
    `<p>Error code ${status}.`,
    `<p>Message: ${says}.`,
    '</body>',
    '',
  ].join('\r\n');
}

/** Answers with a whole body of known length. */
export function answer(
  res: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Buffer,
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  res.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  sendFrom(res, bytes, 0);
}

/** Piece by piece, so that it can be seen whether a client takes what it asked for. */
function sendFrom(res: ServerResponse, bytes: Buffer, offset: number): void {
  let at = offset;
  for (; bytes.length - at > PIECE_BYTES; at += PIECE_BYTES) {
    if (!res.write(bytes.subarray(at, at + PIECE_BYTES))) {
      res.once('drain', () => sendFrom(res, bytes, at + PIECE_BYTES));
      return;
    }
  }
  res.end(bytes.subarray(at));
}

/** Answers with an error page; the connection goes on. */
export function answerError(res: ServerResponse, status: number, headers: OutgoingHttpHeaders = {}): void {
  answer(res, status, { ...headers, 'Content-Type': 'text/html' }, errorPage(status));
}

/**
 * Answers before the body is read, then closes. The end waits for the sender, up to a limit: closing over bytes
 * that are still coming resets the connection, and the answer would be lost with it.
 */
export function refuse(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders = {},
  says?: string,
): void {
  const page = errorPage(status, says);
  res.writeHead(status, {
    ...headers,
    'Content-Type': 'text/html',
    'Content-Length': page.length,
    Connection: 'close',
  });
  res.write(page);
  let dropped = 0;
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > LINGER_BYTES) req.destroy();
  });
  req.on('end', () => res.end());
  req.on('error', () => {}); // the sender gave up: nothing to do
}
