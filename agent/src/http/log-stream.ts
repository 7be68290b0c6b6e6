import { statSync } from 'node:fs';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { LogFile } from '../logs/log-file.ts';
import { httpDate } from '../os/dates.ts';
import { parseNamespec } from '../protocol/namespec.ts';
import { answerError } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { percentDecode } from './percent.ts';

/** How much of the past comes before the future. Contract: RPC-147. */
const HEAD_BYTES = 1024;
const TRUNCATED = '==> File truncated <==\n';

/** `/logtail/NAME[/CHANNEL]`. Contract: RPC-144, RPC-145, RPC-147 to RPC-153. */
export function serveLogTail({ res, path, context }: Exchange): void {
  const [, name = '', channel = 'stdout', ...more] = percentDecode(path).replace(/^\/+/, '').split('/');
  const names = parseNamespec(name);
  const process =
    names.process === null ? undefined : context.supervisor.group(names.group)?.process(names.process);
  const known = more.length === 0 && (channel === 'stdout' || channel === 'stderr');
  stream(res, known ? (process?.log(channel) ?? null) : null);
}

/** `/mainlogtail`. Contract: RPC-146. */
export function serveMainLogTail({ res, context }: Exchange): void {
  stream(res, context.supervisor.mainLog.file);
}

/**
 * Sends the end of a log, then whatever is written, at once and for as long as the client stays.
 * A client that does not read holds the log back; nothing is kept for it in memory.
 */
function stream(res: ServerResponse, log: LogFile | null): void {
  const size = log?.size() ?? null;
  if (log === null || size === null || !log.readable) {
    answerError(res, 404);
    return;
  }
  res.writeHead(200, headersOf(log));
  res.flushHeaders();
  const follow = log.follow(Math.max(0, size - HEAD_BYTES), (part) => {
    if (part.kind === 'bytes') return res.write(part.data);
    return part.kind === 'truncated' ? res.write(TRUNCATED) : true;
  });
  res.on('drain', () => follow.resume());
  res.on('close', () => follow.close());
}

function headersOf(log: LogFile): OutgoingHttpHeaders {
  return {
    'Content-Type': 'text/plain;charset=utf-8',
    'Last-Modified': httpDate(statSync(log.path, { throwIfNoEntry: false })?.mtimeMs ?? 0),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Accel-Buffering': 'no',
  };
}
