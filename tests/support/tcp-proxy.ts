import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Lifetime } from './supervisors.ts';

/** A TCP forwarder that can cut, stall and refuse; closed with the test. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #refusing = false;
  #idleMs = 0;
  #mostBytes = Number.POSITIVE_INFINITY;
  /** Connections made so far. */
  accepted = 0;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async to(t: Lifetime, targetPort: number): Promise<TcpProxy> {
    let proxy: TcpProxy | null = null;
    const server = createServer((near) => proxy?.forward(near, targetPort));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    proxy = new TcpProxy(server, address.port);
    const made = proxy;
    t.onTestFinished(() => made.close());
    return made;
  }

  /** Ends every connection without a goodbye. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** From now on connections are ended at once. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  /** Connections stay open, and nothing passes. */
  stall(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  /** From now on a connection over which nothing came for so long is cut. */
  cutIdle(ms: number): void {
    this.#idleMs = ms;
  }

  /** As on a path that loses large packets: after a larger piece nothing passes on that connection any more. */
  lose(largerThanBytes: number): void {
    this.#mostBytes = largerThanBytes;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  forward(near: Socket, targetPort: number): void {
    this.accepted++;
    if (this.#refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      if (this.#idleMs > 0) from.setTimeout(this.#idleMs, () => from.resetAndDestroy());
      from.on('data', (chunk) => {
        if (chunk.length > this.#mostBytes) for (const end of [near, far]) end.pause();
        else to.write(chunk);
      });
      from.on('error', () => {}); // the other end learns of it by the close
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
