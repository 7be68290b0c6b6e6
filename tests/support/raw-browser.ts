import { connect, type Socket } from 'node:net';
import type { Lifetime } from './supervisors.ts';
import { until } from './until.ts';

/** A browser's line at `/live` that reads only as far as the test lets it. */
export interface RawBrowser {
  readonly socket: Socket;
  /** All that came, frames and what is in them. */
  readonly heard: string;
  send(text: string): void;
}

export async function rawBrowser(t: Lifetime, address: string, cookie: string): Promise<RawBrowser> {
  const { host, hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  t.onTestFinished(() => void socket.destroy());
  socket.on('error', () => {}); // the hub ended it
  let heard = '';
  socket.setEncoding('latin1').on('data', (text) => {
    heard += text;
  });
  const send = (text: string): void => void socket.write(frame(text));
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${address}\r\nCookie: ${cookie}\r\n` +
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await until('the handshake', () => heard.includes('pingInterval'));
  send('40/live,');
  await until('the namespace', () => heard.includes('40/live'));
  return {
    socket,
    get heard() {
      return heard;
    },
    send,
  };
}

/** One unfragmented text frame of a client, masked with zeros. */
function frame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}
