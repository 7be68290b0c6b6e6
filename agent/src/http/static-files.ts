import { answer, answerError } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_ICON, PAGE_STYLE } from './page-style.ts';

/** By whole path: there is no folder to escape from. Contract: RPC-166. */
const FILES: ReadonlyMap<string, { readonly type: string; readonly body: string }> = new Map([
  ['/stylesheets/supervisor.css', { type: 'text/css', body: PAGE_STYLE }],
  ['/scripts/status.js', { type: 'text/javascript', body: PAGE_SCRIPT }],
  ['/images/icon.svg', { type: 'image/svg+xml', body: PAGE_ICON }],
]);

/** A file of the pages, or 404. */
export function serveStaticFile({ res, path }: Exchange): void {
  const file = FILES.get(path);
  if (file === undefined) {
    answerError(res, 404);
    return;
  }
  const headers = {
    'Content-Type': file.type,
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  };
  answer(res, 200, headers, file.body);
}
