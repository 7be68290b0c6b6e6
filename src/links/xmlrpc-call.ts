import type { Agent, ClientRequest } from 'node:http';
import xmlrpc from 'xmlrpc';
import type { Clock } from '../clock.ts';
import type { Endpoint } from './endpoint.ts';
import { RequestGuard, type RequestGuards } from './guarded-request.ts';
import { TransportError } from './transport-error.ts';

/** The supervisor answered, and the answer is a fault. */
export class FaultAnswer extends Error {
  readonly faultCode: number;
  readonly faultString: string;

  constructor(faultCode: number, faultString: string) {
    super(faultString);
    this.name = 'FaultAnswer';
    this.faultCode = faultCode;
    this.faultString = faultString;
  }
}

/**
 * Calls one method through the npm client, once, with what that client lacks: the HTTP status is judged before
 * any XML is read, the deadline and the signal end it, the answer has a largest size, connections are ours.
 * Throws `FaultAnswer` or `TransportError`. Objects in the value have no prototype.
 */
export function xmlrpcCall(
  endpoint: Endpoint,
  method: string,
  params: readonly unknown[],
  guards: RequestGuards,
  clock: Clock,
): Promise<unknown> {
  return new Promise((done, fail) => {
    const guard = new RequestGuard(guards, clock, fail);
    const options = { ...endpoint.requestOptions(), agent: guardedAgent(endpoint.agent, guard) };
    const client = endpoint.secure ? xmlrpc.createSecureClient(options) : xmlrpc.createClient(options);
    client.methodCall(method, params.map(sendable), (error, value) => {
      const verdict = guard.done();
      if (verdict !== null) fail(verdict);
      else if (error === null || error === undefined) done(received(value));
      else fail(faultIn(error) ?? guard.explain(unreadable(error)));
    });
  });
}

interface AgentOfRequests extends Agent {
  addRequest(request: ClientRequest, options: unknown): void;
}

/** The client tells nobody of its request; Node hands it to the agent, and there the guard sees it first. */
function guardedAgent(agent: Agent, guard: RequestGuard): Agent {
  const real = agent as AgentOfRequests;
  const addRequest = (request: ClientRequest, options: unknown): void => {
    guard.watch(request);
    real.addRequest(request, options);
  };
  return Object.assign(Object.create(real) as AgentOfRequests, { addRequest });
}

function faultIn(error: unknown): FaultAnswer | null {
  if (typeof error !== 'object' || error === null || !('faultCode' in error)) return null;
  const { faultCode, faultString } = error as { faultCode: unknown; faultString?: unknown };
  return typeof faultCode === 'number' ? new FaultAnswer(faultCode, String(faultString ?? '')) : null;
}

/** A parser's complaint has no code: what answered does not speak XML-RPC. */
function unreadable(error: unknown): unknown {
  if (error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string') return error;
  return new TransportError('not-a-supervisor', { sent: true });
}

const UNSENDABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** The client throws on characters XML forbids: they become U+FFFD. */
function sendable(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNSENDABLE, '\ufffd');
  return Array.isArray(value) ? value.map(sendable) : value;
}

/** A host names the members: without a prototype `__proto__` is one more name. */
function received(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(received);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(value)) copy[name] = received((value as Record<string, unknown>)[name]);
  return copy;
}
