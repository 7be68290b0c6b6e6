import { SUPERVISOR_VERSION } from '../rpc/daemon-methods.ts';
import { answer, answerError, errorPage, refuse } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { readForm } from './form.ts';
import { escapeHtml } from './html.ts';
import { isAction, runPageAction } from './page-actions.ts';
import { answerPage, PAGE_HEADERS } from './page-answer.ts';
import { mayAct } from './page-origin.ts';
import { percentEncode } from './percent.ts';
import { type StatusRow, statusRows, summary } from './status-rows.ts';

/** `/` and `/index.html`: the page, or an action and then where to read what came of it. Contract: RPC-154 to RPC-164. */
export async function serveStatusPage(exchange: Exchange): Promise<void> {
  const { req, res } = exchange;
  const form = await readForm(exchange);
  if (typeof form === 'number') return refuse(req, res, form);
  const action = form.get('action') ?? '';
  if (action === '') return showPage(exchange, form.get('message') ?? '');
  const name = form.get('processname') ?? '';
  if (!isAction(action, name)) return answerError(res, 400);
  if (!mayAct(req, form.get('token'), exchange.context.pageToken)) return answerError(res, 403);
  tellOutcome(exchange, await runPageAction(exchange.context, action, name));
}

/** Scripts of our page read JSON; everybody else is sent to the page that shows the message. Contract: RPC-157. */
function tellOutcome({ req, res }: Exchange, message: string): void {
  if (req.headers.accept === 'application/json') {
    answer(
      res,
      200,
      { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      JSON.stringify({ message }),
    );
    return;
  }
  const location = `http://${req.headers.host ?? 'localhost'}/?message=${percentEncode(message)}`;
  answer(res, 301, { ...PAGE_HEADERS, 'Content-Type': 'text/html', Location: location }, errorPage(301));
}

function showPage({ res, context }: Exchange, message: string): void {
  const { supervisor, clock, pageToken } = context;
  const identifier = escapeHtml(supervisor.config().daemon.identifier);
  const rows = statusRows(supervisor, clock.wallMs());
  answerPage(
    res,
    `<title>${identifier} – Supervisor Status</title>
<meta name="token" content="${pageToken}">
<script src="scripts/status.js" defer></script>`,
    `<header><h1>${identifier}</h1><p class="summary">${summary(rows)}</p><nav>
<a class="act" href="index.html?action=refresh">Refresh</a>
<a class="act" href="index.html?action=restartall">Restart All</a>
<a class="act stop" href="index.html?action=stopall">Stop All</a>
</nav></header>
<main>
<p class="message">${escapeHtml(message)}</p>
${rows.length === 0 ? '<p>No programs to manage</p>' : table(rows)}
</main>
<section class="drawer" hidden><p><strong></strong><a class="close" href="#">Close</a></p><pre></pre></section>
<footer>fleetvisord, speaking as supervisord ${SUPERVISOR_VERSION}</footer>`,
  );
}

function table(rows: readonly StatusRow[]): string {
  return `<table>
<thead><tr><th>State</th><th>Description</th><th>Name</th><th>Action</th></tr></thead>
<tbody>
${rows.map(tableRow).join('\n')}
</tbody>
</table>`;
}

function tableRow({ namespec, state, description, links }: StatusRow): string {
  const word = state.toLowerCase();
  const name = escapeHtml(namespec);
  const actions = links.map(
    (link) => `<a class="${link.kind}" href="${escapeHtml(link.href)}">${escapeHtml(link.name)}</a>`,
  );
  const names = links.map((link) => link.name).join();
  return `<tr data-name="${name}"><td class="state"><span class="${word}">${word}</span></td><td class="about">${escapeHtml(description)}</td><td><a href="tail.html?processname=${escapeHtml(percentEncode(namespec))}">${name}</a></td><td><div class="actions" data-links="${names}">${actions.join(' ')}</div></td></tr>`;
}
