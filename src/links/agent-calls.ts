import type { Cancel, Clock } from '../clock.ts';
import { type Told, told } from '../fleet/said.ts';
import type { AgentSession } from './agent-session.ts';
import { type LinkCall, LinkError } from './host-link.ts';
import type { CheckedOutcome } from './uplink-schemas.ts';

interface PendingCall {
  readonly call: LinkCall;
  readonly dueMs: number;
  readonly done: (value: unknown) => void;
  readonly fail: (error: LinkError) => void;
  /** The run of the agent that may have it: another run would do it a second time. */
  epoch: string;
}

const LONG_PAST_MS = 24 * 3_600_000;

/** Calls on their way to one agent, over reconnects, until each has its one outcome. */
export class AgentCalls {
  readonly #clock: Clock;
  readonly #pending = new Map<string, PendingCall>();
  #session: AgentSession | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sends a call, again with the same id after a reconnect. Rejects with `LinkError`. */
  run(call: LinkCall, otherwise: () => LinkError): Promise<unknown> {
    const session = this.#session;
    if (call.signal?.aborted === true)
      return Promise.reject(new LinkError('cancelled', told('call.cancelledBefore')));
    if (session === null) return Promise.reject(otherwise());
    if (this.#pending.has(call.id))
      return Promise.reject(new LinkError('cancelled', `the call ${call.id} is under way`));
    return new Promise((done, fail) => {
      const forget = this.#watch(call);
      const dueMs = this.#clock.uptimeMs() + call.deadlineMs;
      const pending: PendingCall = {
        call,
        dueMs,
        epoch: session.epoch,
        done: (value) => {
          forget();
          done(value);
        },
        fail: (error) => {
          forget();
          fail(error);
        },
      };
      this.#pending.set(call.id, pending);
      this.#send(pending, session);
    });
  }

  /** The agent is connected: what it may not have got is sent again, if this is the same run of it. */
  begin(session: AgentSession): void {
    this.#session = session;
    for (const pending of [...this.#pending.values()]) {
      if (pending.epoch === session.epoch) this.#send(pending, session);
      else this.#fail(pending.call.id, 'unknown', told('call.agentRestarted'));
    }
  }

  end(): void {
    this.#session = null;
  }

  take(outcome: CheckedOutcome): void {
    const pending = this.#pending.get(outcome.id);
    if (pending === undefined) return;
    if (outcome.kind === 'done') pending.done(outcome.value ?? null);
    else if (outcome.kind === 'fault')
      pending.fail(new LinkError('fault', outcome.faultString, outcome.faultCode));
    else pending.fail(new LinkError('unreachable', told('call.late')));
  }

  failAll(kind: 'unknown' | 'cancelled', why: Told): void {
    for (const id of [...this.#pending.keys()]) this.#fail(id, kind, why);
  }

  #send({ call, dueMs }: PendingCall, session: AgentSession): void {
    const sentAtMs = this.#clock.uptimeMs();
    const { id, method, params } = call;
    // A call long past its deadline is never run; but what was run before is answered from memory.
    const when =
      call.question === true
        ? { deadlineMs: 0, sentAtMs: sentAtMs - LONG_PAST_MS }
        : { deadlineMs: Math.max(0, dueMs - sentAtMs), sentAtMs };
    session.call({ id, method, params, ...when }, (says) => this.#fail(id, 'vetoed', { says }));
  }

  #fail(id: string, kind: 'unknown' | 'cancelled' | 'vetoed', why: Told): void {
    this.#pending.get(id)?.fail(new LinkError(kind, why));
  }

  /** Ends a call by its deadline or its signal. Returns the way to forget it. */
  #watch({ id, deadlineMs, signal }: LinkCall): () => void {
    const cancelDeadline: Cancel = this.#clock.after(deadlineMs, () =>
      this.#fail(id, 'unknown', told('call.noOutcome', { deadlineMs })),
    );
    const abort = (): void => this.#fail(id, 'unknown', told('call.cancelledAfter'));
    signal?.addEventListener('abort', abort);
    return () => {
      this.#pending.delete(id);
      cancelDeadline();
      signal?.removeEventListener('abort', abort);
    };
  }
}
