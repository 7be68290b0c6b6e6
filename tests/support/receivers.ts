import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import type { Lifetime } from './supervisors.ts';

/** One request as a receiver got it. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpReceiver {
  readonly url: string;
  readonly received: Received[];
  /** How the next requests are answered: with this status, or never. */
  answer: number | 'never';
}

/** Something that takes webhooks, on a port of its own. */
export async function httpReceiver(t: Lifetime, answer: HttpReceiver['answer'] = 204): Promise<HttpReceiver> {
  const received: Received[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    received.push({ path: req.url ?? '', headers: req.headers, body });
    if (receiver.answer !== 'never') res.writeHead(receiver.answer).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const receiver: HttpReceiver = { url: `http://127.0.0.1:${port}/hook`, received, answer };
  return receiver;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers, an empty line, and the text. */
  readonly data: string;
}

export interface MailReceiver {
  readonly port: number;
  readonly mails: Mail[];
}

/** As much of SMTP as takes a mail in the clear. */
export async function mailReceiver(t: Lifetime): Promise<MailReceiver> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    talk(socket, (mail) => mails.push(mail));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, mails };
}

function talk(socket: Socket, take: (mail: Mail) => void): void {
  let waiting = '';
  let from = '';
  let to: string[] = [];
  let data: string[] | null = null;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const hear = (line: string): void => {
    if (data !== null && line !== '.') data.push(line.replace(/^\.\./, '.'));
    else if (data !== null) {
      take({ from, to, data: data.join('\n') });
      data = null;
      say('250 taken');
    } else if (/^EHLO/i.test(line)) say('250 test');
    else if (/^MAIL FROM:/i.test(line)) {
      from = /<(.*?)>/.exec(line)?.[1] ?? '';
      to = [];
      say('250 ok');
    } else if (/^RCPT TO:/i.test(line)) {
      to.push(/<(.*?)>/.exec(line)?.[1] ?? '');
      say('250 ok');
    } else if (/^DATA/i.test(line)) {
      data = [];
      say('354 go on');
    } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
    else say('502 what?');
  };
  socket.on('error', () => {}); // the hub may hang up at any time
  socket.setEncoding('utf8').on('data', (text) => {
    const lines = `${waiting}${text}`.split('\r\n');
    waiting = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
  say('220 test ready');
}
