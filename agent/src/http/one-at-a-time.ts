import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests a client may have sent ahead of an answer; more end its connection. */
const MOST_AHEAD = 64;

/**
 * Serves the requests of a connection one after the other: whoever sends them ahead of the answers holds no more
 * of the daemon than whoever waits, and what follows an answer that ends the connection is not served at all.
 * Contract: RPC-012.
 */
export class OneAtATime {
  readonly #ahead = new WeakMap<Socket, (() => void)[]>();

  /** Calls `serve` when it is this request's turn; never when the connection ends before. */
  take({ socket }: IncomingMessage, res: ServerResponse, serve: () => void): void {
    const inTurn = (): void => {
      res.once('close', () => this.#next(socket));
      serve();
    };
    const ahead = this.#ahead.get(socket);
    if (ahead === undefined) {
      this.#ahead.set(socket, []);
      inTurn();
    } else if (ahead.length < MOST_AHEAD) ahead.push(inTurn);
    else socket.destroy();
  }

  #next(socket: Socket): void {
    const next = socket.writable ? this.#ahead.get(socket)?.shift() : undefined;
    if (next !== undefined) next();
    else if (socket.writable) this.#ahead.delete(socket);
  }
}
