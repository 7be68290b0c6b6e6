import { connect, type Socket } from 'node:net';
import type { ChannelPlace } from '../fleet/alert.ts';
import { told } from '../fleet/said.ts';
import { guardedLookup } from '../links/guarded-lookup.ts';
import { type AlertMessage, detailLines } from './message.ts';
import type { PostPorts } from './send-post.ts';
import { DEADLINE_MS, noAnswer, type SendResult } from './send-result.ts';

type Mail = Extract<ChannelPlace, { kind: 'email' }>;

/** A plain text mail over SMTP. */
export async function sendMail(
  place: Mail,
  password: string | undefined,
  message: AlertMessage,
  { clock, signal }: PostPorts,
): Promise<SendResult> {
  const { createTransport } = await import('nodemailer'); // most hubs send none
  const { host, port, security, username, from, to } = place;
  const sockets = new Set<Socket>();
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(username === null ? {} : { auth: { user: username, pass: password ?? '' } }),
    connectionTimeout: DEADLINE_MS,
    greetingTimeout: DEADLINE_MS,
    socketTimeout: DEADLINE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket(_options, done) {
      const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, lookup: guardedLookup });
      sockets.add(socket);
      const failed = (error: Error): void => done(error);
      socket.once('error', failed);
      socket.once('connect', () => {
        socket.off('error', failed);
        done(null, { connection: socket });
      });
    },
  });
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const cancel = clock.after(DEADLINE_MS, end);
  signal.addEventListener('abort', end);
  try {
    const envelope = { from, to: [...to], subject: subjectOf(message), text: mailText(message) };
    await transport.sendMail({ ...envelope, signal: ending.signal });
    return { kind: 'delivered', says: told('send.mailed') };
  } catch (error) {
    return ending.signal.aborted
      ? noAnswer('ETIMEDOUT', `${host}:${port}`)
      : explain(error, `${host}:${port}`);
  } finally {
    cancel();
    signal.removeEventListener('abort', end);
    for (const socket of sockets) socket.destroy();
  }
}

/** A header is one line, whatever a process wrote. */
export function subjectOf({ says, severity, reason }: AlertMessage): string {
  const kind = reason === 'closed' ? 'closed' : (severity ?? 'test');
  return `[Fleetvisor] ${kind}: ${says}`.replace(/\p{Cc}+/gu, ' ').slice(0, 200);
}

export function mailText(message: AlertMessage): string {
  const { says, rule, link } = message;
  const details = detailLines(message).map((line) => `  ${line}`);
  return [
    says,
    ...details,
    '',
    ...(rule === null ? [] : [`Rule: ${rule.name}`]),
    ...(link === null ? [] : [link]),
  ]
    .map((line) => line.replace(/\p{Cc}+/gu, ' '))
    .join('\n');
}

function explain(error: unknown, at: string): SendResult {
  const { code, responseCode } = errorOf(error);
  if (code === 'EAUTH')
    return { kind: 'again', says: told('send.mailAuth'), mend: told('sendMend.mailAuth') };
  if (code === 'ETLS')
    return { kind: 'again', says: told('send.mailTls', { at }), mend: told('sendMend.mailTls') };
  if (responseCode === null) return noAnswer(code, at);
  const says = told('send.mailRefused', { code: responseCode });
  const isFinal = responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return { kind: isFinal ? 'refused' : 'again', says, mend: told('sendMend.mailRefused') };
}

function errorOf(error: unknown): {
  readonly code: string | undefined;
  readonly responseCode: number | null;
} {
  const { code, responseCode } = Object.assign(
    { code: undefined, responseCode: undefined },
    error instanceof Error ? error : {},
  ) as { code?: unknown; responseCode?: unknown };
  return {
    code: typeof code === 'string' ? code : undefined,
    responseCode: typeof responseCode === 'number' ? responseCode : null,
  };
}
