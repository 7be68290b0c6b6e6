import type { IncomingMessage } from 'node:http';

/** Why a body is not read; the number is the HTTP status. */
export type BodyRefusal = 400 | 411 | 413;

/** Length of the body a request announces, or why it is refused. Contract: RPC-003, RPC-004, RPC-173. */
export function announcedLength(
  req: IncomingMessage,
  maxBytes: number,
): { readonly length: number } | BodyRefusal {
  const header = req.headers['content-length'];
  if (header === undefined || req.headers['transfer-encoding'] !== undefined) return 411;
  const length = Number(header);
  if (!Number.isSafeInteger(length) || length <= 0) return 400;
  return length > maxBytes ? 413 : { length };
}

/** Reads a body that is already known to fit; rejects when the sender goes away. */
export function readBody(req: IncomingMessage): Promise<Buffer> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => done(Buffer.concat(chunks)));
    req.on('error', fail);
    req.on('close', () => fail(new Error('closed before the end of the body')));
  });
}
