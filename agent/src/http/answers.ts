import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';

/** What clients see instead of a product name; some look for it. Contract: RPC-014. */
export const SERVER_HEADER = 'Medusa/1.12';
/** How much of an unwanted body is read and dropped so that its sender gets to see the answer. */
const LINGER_BYTES = 96 * 1024 * 1024;

/** supervisord's small page for a status. Contract: RPC-016. */
export function errorPage(status: number): string {
  return [
    '<head>',
    '<title>Error response</title>',
    '</head>',
    '<body>',
    '<h1>Error response</h1>',
    `<p>Error code ${status}.`,
    `<p>Message: ${STATUS_CODES[status] ?? 'Unknown'}.`,
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
  res.end(bytes);
}

/** Answers with an error page; the connection goes on. */
export function answerError(res: ServerResponse, status: number, headers: OutgoingHttpHeaders = {}): void {
  answer(res, status, { ...headers, 'Content-Type': 'text/html' }, errorPage(status));
}

/** Answers before the body is read, and closes: whatever is still coming is dropped, up to a limit. */
export function refuse(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders = {},
): void {
  let dropped = 0;
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > LINGER_BYTES) req.destroy();
  });
  req.on('error', () => {}); // the sender gave up: nothing to do
  answerError(res, status, { ...headers, Connection: 'close' });
}
