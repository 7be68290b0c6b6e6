import { answer } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { statusRows } from './status-rows.ts';

/** `/status.json`: what the status page shows, for its script. */
export function serveStatusData({ res, context }: Exchange): void {
  const { supervisor, clock } = context;
  const data = { state: supervisor.daemonState(), processes: statusRows(supervisor, clock.wallMs()) };
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  answer(res, 200, headers, JSON.stringify(data));
}
