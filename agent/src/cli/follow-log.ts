import { EXIT, type ExitStatus } from './exit-status.ts';
import type { Session } from './verb.ts';

/**
 * Streams a log path until the server ends it or Ctrl-C. A log that cannot be had is told on standard error
 * and, as supervisorctl does it, still a success. Contract: CTL-055, CTL-056.
 */
export async function followLog(path: string, shown: string, session: Session): Promise<ExitStatus> {
  const { server, report, io } = session;
  const stopped = new AbortController();
  const deaf = io.onInterrupt(() => stopped.abort());
  report.note('==> Press Ctrl-C to exit <==');
  try {
    const end = await server.follow(path, (bytes) => report.bytes(shown, bytes), stopped.signal);
    if (end.kind === 'refused') io.err(`${server.url}${shown} Cannot read, status code ${end.status}\n`);
  } finally {
    deaf();
  }
  if (stopped.signal.aborted) report.note('');
  return EXIT.success;
}

/** `/logtail/NAME/CHANNEL` as it goes on the wire. */
export function logPath(name: string, channel: string): string {
  return `/logtail/${encodeURIComponent(name).replaceAll('%3A', ':')}/${channel}`;
}
