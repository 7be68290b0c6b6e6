import type { ServerResponse } from 'node:http';
import { httpDate } from '../os/dates.ts';
import { answer } from './answers.ts';

/** Headers of every page: never cached, no script but our file, in nobody's frame. Contract: RPC-155. */
export const PAGE_HEADERS = {
  'Content-Type': 'text/html;charset=utf-8',
  Pragma: 'no-cache',
  'Cache-Control': 'no-cache',
  Expires: httpDate(0),
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
};

/** A whole page; `head` and `body` are HTML already. */
export function answerPage(res: ServerResponse, head: string, body: string): void {
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link href="stylesheets/supervisor.css" rel="stylesheet" type="text/css">
<link href="images/icon.svg" rel="icon" type="image/svg+xml">
${head}
</head>
<body>
${body}
</body>
</html>
`;
  answer(res, 200, PAGE_HEADERS, html);
}
