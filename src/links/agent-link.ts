import type { Cancel, Clock } from '../clock.ts';
import type { Host, LinkFailure, Reachability } from '../fleet/host.ts';
import { type Told, told } from '../fleet/said.ts';
import { AgentCalls } from './agent-calls.ts';
import type { AgentCursor } from './agent-registry.ts';
import type { AgentSession } from './agent-session.ts';
import { AgentState, type Taken } from './agent-state.ts';
import { AgentTail } from './agent-tail.ts';
import {
  type HostLink,
  type LinkCall,
  LinkError,
  type LinkSink,
  type LinkTail,
  type TailRequest,
} from './host-link.ts';
import { failureOf } from './link-failure.ts';

export interface AgentLinkPorts {
  readonly sink: LinkSink;
  readonly clock: Clock;
  readonly cursor: AgentCursor | null;
  keepCursor(cursor: AgentCursor): void;
}

/** After the hub's start an agent is given this long to dial in before it counts as missing. */
const FIRST_CONTACT_MS = 15_000;

/** The hub's end of one agent, over all its connections. */
export class AgentLink implements HostLink {
  readonly host: Host;
  readonly #ports: AgentLinkPorts;
  readonly #state: AgentState;
  readonly #calls: AgentCalls;
  readonly #tails = new Map<string, AgentTail>();
  #session: AgentSession | null = null;
  #reachability: Reachability;
  #status: 'new' | 'open' | 'closed' = 'new';
  #tailCount = 0;
  #cancelFirstContact: Cancel = () => {};

  constructor(host: Host, ports: AgentLinkPorts) {
    this.host = host;
    this.#ports = ports;
    this.#state = new AgentState(host.id, ports.cursor, ports);
    this.#calls = new AgentCalls(ports.clock);
    this.#reachability = { kind: 'connecting', sinceMs: ports.clock.wallMs() };
  }

  /** Whether an agent may connect: not once the link was closed. */
  get isWanted(): boolean {
    return this.#status !== 'closed';
  }

  get session(): AgentSession | null {
    return this.#session;
  }

  /** Opened over a connection that is there already: everything is told again, from the beginning. */
  open(): void {
    this.#status = 'open';
    if (this.#session !== null) {
      this.#report(this.#reachability);
      this.#session.resync();
      return;
    }
    this.#report({ kind: 'connecting', sinceMs: this.#ports.clock.wallMs() });
    this.#cancelFirstContact();
    this.#cancelFirstContact = this.#ports.clock.after(FIRST_CONTACT_MS, () =>
      this.#missing(told('link.notConnected')),
    );
  }

  async close(): Promise<void> {
    this.#status = 'closed';
    this.#cancelFirstContact();
    this.#session?.end(told('link.notWanted'));
    this.#endSession();
    this.#calls.failAll('unknown', told('call.linkClosed'));
    for (const tail of [...this.#tails.values()]) tail.close();
  }

  /** An agent tells by itself. */
  call(call: LinkCall): Promise<unknown> {
    return this.#calls.run(call, () => new LinkError('unreachable', this.#whyUnreachable()));
  }

  run(): string | null {
    return this.#session?.epoch ?? null;
  }

  tail(request: TailRequest): LinkTail {
    const id = `t${++this.#tailCount}`;
    const tail = new AgentTail(id, request, () => this.#tails.delete(id));
    this.#tails.set(id, tail);
    if (this.#session === null) tail.sessionEnded();
    else tail.begin(this.#session);
    return tail;
  }

  /** Where an agent that is to be welcomed goes on. */
  resumePoint(
    epoch: string,
    wallMs: number,
  ): { readonly resumeAfter: number | null; readonly snapshot: boolean } {
    return this.#state.begin(epoch, wallMs);
  }

  /** The agent is connected and welcomed. */
  attach(session: AgentSession): void {
    this.#cancelFirstContact();
    this.#cancelFirstContact = () => {};
    this.#session?.end(told('link.anew'));
    this.#session = session;
    this.#status = 'open';
    session.begin({
      snapshot: (part) => this.#took(session, () => this.#state.takeSnapshot(part)),
      events: (events) => this.#took(session, () => this.#state.takeEvents(events)),
      outcome: (outcome) => this.#calls.take(outcome),
      tailPart: (part) => {
        if (this.#tails.get(part.tailId)?.take(part) === false)
          session.end('the agent sent more log than was asked for');
      },
      alive: () => this.#ports.sink.heard(this.host.id),
      ended: (why) => this.#ended(session, why),
    });
    this.#report({ kind: 'reachable', sinceMs: this.#ports.clock.wallMs() });
    this.#calls.begin(session);
    for (const tail of this.#tails.values()) tail.begin(session);
  }

  /** The key is revoked: ends the connection at once and whatever waits for it. */
  revoke(): void {
    this.#calls.failAll('cancelled', told('link.revoked'));
    this.#session?.end(told('link.revoked'));
    this.#endSession();
    this.#lost(failureOf('revoked', told('link.revoked'), told('mend.revoked')));
  }

  #took(session: AgentSession, take: () => Taken): void {
    if (this.#session !== session) return;
    const taken = take();
    const { cursor } = this.#state;
    if (taken === 'gap' || taken === 'wrong-epoch') {
      session.end(`the agent's events do not fit together (${taken})`);
      return;
    }
    if (cursor !== null) session.stored(cursor.seq);
    if (taken === 'want-snapshot') session.resync();
    if (cursor !== null) this.#ports.keepCursor(cursor);
  }

  #ended(session: AgentSession, why: Told): void {
    if (this.#session !== session) return;
    this.#endSession();
    this.#missing(why);
  }

  #endSession(): void {
    this.#session = null;
    this.#calls.end();
    for (const tail of this.#tails.values()) tail.sessionEnded();
  }

  #missing(why: Told): void {
    this.#lost(failureOf('not-connected', why, told('mend.notConnected', { host: this.host.name })));
  }

  #lost(failure: LinkFailure): void {
    const now = this.#reachability;
    const sinceMs = now.kind === 'unreachable' ? now.sinceMs : this.#ports.clock.wallMs();
    this.#report({ kind: 'unreachable', sinceMs, failure });
  }

  #report(reachability: Reachability): void {
    this.#reachability = reachability;
    if (this.#status === 'open') this.#ports.sink.reachability(this.host.id, reachability);
  }

  #whyUnreachable(): Told {
    const now = this.#reachability;
    return now.kind === 'unreachable' ? now.failure : told('link.notConnectedYet');
  }
}
