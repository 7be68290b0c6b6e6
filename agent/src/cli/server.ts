import { decodeResponse, encodeCall, MalformedXmlRpc, type XmlRpcValue } from '../xmlrpc/index.ts';
import { type Connections, type Credentials, connectTo } from './http-request.ts';
import { parseServerUrl } from './server-address.ts';
import { HttpRefusal, RpcFault, StrangeAnswer } from './server-faults.ts';

/** How a followed log ended: the server closed it, or refused it with an HTTP status. */
export type FollowEnd = { readonly kind: 'closed' } | { readonly kind: 'refused'; readonly status: number };

/** The supervisor being driven; `open` and a 401 at the prompt change where and as whom. */
export class Server {
  #url: string;
  #credentials: Credentials;
  #connections: Connections | null = null;

  constructor(url: string, credentials: Credentials) {
    this.#url = url;
    this.#credentials = credentials;
  }

  get url(): string {
    return this.#url;
  }

  /** Whether calls carry a username and a password. */
  get isSignedIn(): boolean {
    return this.#credentials.username !== null && this.#credentials.password !== null;
  }

  /** Goes on with another server. Nothing is sent. */
  switchTo(url: string): void {
    this.close();
    this.#url = url;
  }

  signInAs(credentials: Credentials): void {
    this.#credentials = credentials;
  }

  /**
   * Calls `supervisor.METHOD`, or a name with a dot as it is, and waits as long as the supervisor does.
   * Throws RpcFault, HttpRefusal, Unconnected, StrangeAnswer.
   */
  async call(method: string, ...params: readonly unknown[]): Promise<XmlRpcValue> {
    const body = encodeCall(method.includes('.') ? method : `supervisor.${method}`, params);
    const answer = await this.#ask({ method: 'POST', path: '/RPC2', body });
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    if (answer.statusCode !== 200) throw new HttpRefusal(answer.statusCode ?? 0, answer.statusMessage ?? '');
    const reply = read(Buffer.concat(chunks));
    if (reply.kind === 'fault') throw new RpcFault(reply.faultCode, reply.faultString);
    return reply.value;
  }

  /** Streams a log path to `onBytes` until the server ends it or `signal` aborts. */
  async follow(path: string, onBytes: (bytes: Buffer) => void, signal: AbortSignal): Promise<FollowEnd> {
    try {
      const answer = await this.#ask({ method: 'GET', path, signal });
      if (answer.statusCode !== 200) {
        answer.resume();
        return { kind: 'refused', status: answer.statusCode ?? 0 };
      }
      for await (const bytes of answer) onBytes(bytes);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return { kind: 'closed' };
  }

  /** Drops idle connections, so that the program can end. */
  close(): void {
    this.#connections?.close();
    this.#connections = null;
  }

  #ask(question: Parameters<Connections['ask']>[0]): ReturnType<Connections['ask']> {
    const address = parseServerUrl(this.#url);
    if (address === undefined) throw new StrangeAnswer(`Unknown protocol for serverurl ${this.#url}`);
    this.#connections ??= connectTo(address);
    return this.#connections.ask(question, this.#credentials);
  }
}

function read(bytes: Buffer): ReturnType<typeof decodeResponse> {
  try {
    return decodeResponse(bytes);
  } catch (error) {
    if (error instanceof MalformedXmlRpc) throw new StrangeAnswer(`not an XML-RPC answer: ${error.message}`);
    throw error;
  }
}
