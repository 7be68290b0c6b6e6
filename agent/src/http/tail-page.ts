import { FAULT_CODES } from '../protocol/faults.ts';
import { Fault } from '../rpc/faults.ts';
import { refuse } from './answers.ts';
import type { Exchange, HttpContext } from './exchange.ts';
import { readForm } from './form.ts';
import { escapeHtml } from './html.ts';
import { answerPage } from './page-answer.ts';
import { percentEncode } from './percent.ts';

/** A tail shows at least this much. Contract: RPC-165. */
const LEAST_BYTES = 1024;
/** Colours and cursor moves: they mean nothing on a page. */
const ESCAPES = /\x1b\[[0-?]*[ -/]*[@-~]/g;

/** `/tail.html?processname=N&limit=B`: the end of a process's stdout. Contract: RPC-154, RPC-165. */
export async function serveTailPage(exchange: Exchange): Promise<void> {
  const form = await readForm(exchange);
  if (typeof form === 'number') return refuse(exchange.req, exchange.res, form);
  const name = form.get('processname') ?? '';
  const limit = /^\d{1,9}$/.test(form.get('limit') ?? '') ? Number(form.get('limit')) : LEAST_BYTES;
  const bytes = Math.max(LEAST_BYTES, limit);
  const text = name === '' ? 'No process name found' : await tailText(exchange.context, name, bytes);
  const again = `tail.html?processname=${percentEncode(name)}&limit=${bytes}`;
  answerPage(
    exchange.res,
    `<title>Supervisor tail of process ${escapeHtml(name)}</title>`,
    `<header><h1>${escapeHtml(name)}</h1><nav><a href="${escapeHtml(again)}">Refresh</a> <a href="index.html">All processes</a></nav></header>
<pre>
${escapeHtml(text.replace(ESCAPES, ''))}</pre>`,
  );
}

async function tailText({ methods }: HttpContext, name: string, bytes: number): Promise<string> {
  try {
    return String(await methods.call('supervisor.readProcessStdoutLog', [name, -bytes, 0]));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.faultCode === FAULT_CODES.NO_FILE) return `No file for ${name}`;
    return `ERROR: unexpected rpc fault [${error.faultCode}] ${error.faultString}`;
  }
}
