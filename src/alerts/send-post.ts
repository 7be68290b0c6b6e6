import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../clock.ts';
import { told } from '../fleet/said.ts';
import { guardedLookup } from '../links/guarded-lookup.ts';
import type { AlertMessage } from './message.ts';
import { parseReceiver } from './receiver-address.ts';
import { DEADLINE_MS, noAnswer, type SendResult } from './send-result.ts';
import { slackText } from './slack-text.ts';

export interface PostPorts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The message as JSON, signed when there is a secret. `delivery` is the same at every try: it tells a receiver repeats. */
export function sendWebhook(
  { url, secret }: { readonly url: string; readonly secret: string | undefined },
  delivery: string,
  message: AlertMessage,
  ports: PostPorts,
): Promise<SendResult> {
  const body = JSON.stringify({ id: delivery, ...message });
  const timestamp = String(Math.floor(ports.clock.wallMs() / 1_000));
  const headers = {
    'x-fleetvisor-delivery': delivery,
    'x-fleetvisor-timestamp': timestamp,
    ...(secret === undefined ? {} : { 'x-fleetvisor-signature': signature(secret, timestamp, body) }),
  };
  return postJson(url, body, headers, ports);
}

/** `sha256=` and the HMAC-SHA256 of the time, a dot and the body, in hex. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** As incoming webhooks of Slack, Mattermost and Discord (`/slack`) take it. */
export function sendSlack(url: string, message: AlertMessage, ports: PostPorts): Promise<SendResult> {
  return postJson(url, JSON.stringify({ text: slackText(message) }), {}, ports);
}

/** What a receiver never takes, however often it is asked. */
const REFUSED: ReadonlySet<number> = new Set([400, 413, 422]);

function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { clock, signal }: PostPorts,
): Promise<SendResult> {
  const address = parseReceiver(url);
  if (!address.ok)
    return Promise.resolve({
      kind: 'again',
      says: told('send.noAddress'),
      mend: told('sendMend.address'),
    });
  const { secure, hostname, port, path, shown } = address.value;
  return new Promise((resolve) => {
    const request = (secure ? https : http).request({
      method: 'POST',
      host: hostname,
      port,
      path,
      agent: false,
      lookup: guardedLookup,
      signal,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'fleetvisor',
        ...headers,
      },
    });
    const cancel = clock.after(DEADLINE_MS, () =>
      request.destroy(Object.assign(new Error('deadline'), { code: 'ETIMEDOUT' })),
    );
    const done = (result: SendResult): void => {
      cancel();
      resolve(result);
      request.destroy();
    };
    request.on('response', (response) => done(ofStatus(response.statusCode ?? 0)));
    request.on('error', (error: NodeJS.ErrnoException) => done(noAnswer(error.code, shown)));
    request.end(body);
  });
}

function ofStatus(status: number): SendResult {
  if (status >= 200 && status < 300) return { kind: 'delivered', says: told('send.delivered', { status }) };
  const says = told('send.status', { status });
  if (status >= 300 && status < 400) return { kind: 'again', says, mend: told('sendMend.moved') };
  if (status >= 500 || status === 429) return { kind: 'again', says, mend: told('sendMend.receiver') };
  return { kind: REFUSED.has(status) ? 'refused' : 'again', says, mend: told('sendMend.address') };
}
