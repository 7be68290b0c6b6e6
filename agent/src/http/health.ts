import { answer } from './answers.ts';
import type { Exchange } from './exchange.ts';

/** `/healthz`: 200 while the daemon supervises, 503 while it stops or restarts. */
export function serveHealth({ res, context }: Exchange): void {
  const state = context.supervisor.daemonState();
  const headers = { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' };
  answer(res, state === 'RUNNING' ? 200 : 503, headers, `${state}\n`);
}
