import type { Clock } from '../clock.ts';
import { told } from '../fleet/said.ts';
import type { Send, Sending } from './postman.ts';
import { sendMail } from './send-mail.ts';
import { type PostPorts, sendSlack, sendWebhook } from './send-post.ts';
import type { SendResult } from './send-result.ts';

/** Sends by whatever kind the channel is of. Never rejects; ends by the deadline. */
export function sender(clock: Clock): Send {
  return (sending, signal) => sendBy(sending, { clock, signal });
}

function sendBy({ channel, secrets, delivery, message }: Sending, ports: PostPorts): Promise<SendResult> {
  const { place } = channel;
  if (place.kind === 'email') return sendMail(place, secrets.password, message, ports);
  const { url, secret } = secrets;
  if (url === undefined) return Promise.resolve(SEALED);
  return place.kind === 'webhook'
    ? sendWebhook({ url, secret }, delivery, message, ports)
    : sendSlack(url, message, ports);
}

const SEALED: SendResult = {
  kind: 'again',
  says: told('send.noAddress'),
  mend: told('sendMend.address'),
};
