import { answer } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { statusRows, summary } from './status-rows.ts';

/** `/status.json`: what the status page shows, for its script. */
export function serveStatusData({ res, context }: Exchange): void {
  const { supervisor, clock } = context;
  const processes = statusRows(supervisor, clock.wallMs());
  const data = { state: supervisor.daemonState(), summary: summary(processes), processes };
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  answer(res, 200, headers, JSON.stringify(data));
}
