import type { Clock } from '../os/clock.ts';
import type { Supervisor } from '../process/supervisor.ts';
import type { CallOutcome, TailPart } from '../protocol/uplink.ts';
import { checkAnswer, checkCall, checkCredit, checkSeq, checkTailId, checkTailOpen } from './arrivals.ts';
import { Calls } from './calls.ts';
import type { HubSocket, Welcome } from './connection.ts';
import { EventPump } from './event-pump.ts';
import { EventRing } from './event-ring.ts';
import { MetricsSampler } from './metrics.ts';
import { withOwnConfig } from './own-config.ts';
import { type SnapshotHead, snapshotParts, uplinkEvents } from './recorder.ts';
import { Tails } from './tails.ts';
import type { UplinkOptions } from './uplink-options.ts';

const CONFIRM_MS = 10_000;

/** What this agent and a hub have in common, over all connections of one run of the agent. */
export class Session {
  readonly #supervisor: Supervisor;
  readonly #clock: Clock;
  readonly #head: SnapshotHead;
  readonly #ring = new EventRing();
  readonly #pump: EventPump;
  readonly #calls: Calls;
  readonly #tails: Tails;
  readonly #metrics: MetricsSampler;
  readonly #unsubscribe: () => void;
  #socket: HubSocket | null = null;

  constructor({ supervisor, callMethod, clock, config }: UplinkOptions, head: SnapshotHead) {
    this.#supervisor = supervisor;
    this.#clock = clock;
    this.#head = head;
    this.#pump = new EventPump(this.#ring, clock);
    this.#calls = new Calls(withOwnConfig(callMethod, supervisor), config.fleetvisor.allow, clock);
    this.#tails = new Tails(supervisor, clock);
    this.#metrics = new MetricsSampler(supervisor, clock, (of) => this.#append({ kind: 'metrics', of }));
    this.#unsubscribe = supervisor.events.subscribe((event) => {
      for (const news of uplinkEvents(event, supervisor, clock)) this.#append(news);
      if (event.kind === 'group-removed') this.#tails.endGroup(event.group, (part) => this.#sendPart(part));
    });
  }

  get epoch(): string {
    return this.#head.epoch;
  }

  begin(welcome: Welcome, socket: HubSocket): void {
    this.#socket = socket;
    this.#listen(socket);
    this.#pump.begin(
      {
        events: (events) => socket.emit('events', events),
        snapshot: (seq) => {
          for (const part of snapshotParts(this.#supervisor, this.#clock, seq, this.#head))
            socket.emit('snapshot', part);
        },
      },
      welcome,
    );
    this.#calls.begin((outcome) => this.#tellOutcome(outcome, socket), welcome.hubUptimeMs);
    this.#metrics.begin();
  }

  end(): void {
    if (this.#socket !== null) for (const name of HEARD) this.#socket.off(name);
    this.#socket = null;
    this.#pump.end();
    this.#calls.end();
    this.#tails.closeAll();
    this.#metrics.end();
  }

  close(): void {
    this.end();
    this.#unsubscribe();
  }

  #append(event: Parameters<EventRing['append']>[0]): void {
    this.#ring.append(event, this.#clock.wallMs());
    this.#pump.poke();
  }

  #listen(socket: HubSocket): void {
    socket.on('call', (raw: unknown, answer: unknown) => {
      const call = checkCall(raw);
      checkAnswer(answer)(
        call === null ? { kind: 'vetoed', says: 'not understood' } : this.#calls.take(call),
      );
    });
    socket.on('tail:open', (raw: unknown, answer: unknown) => {
      const open = checkTailOpen(raw);
      if (open === null) checkAnswer(answer)({ ok: false, says: 'not understood' });
      else this.#tails.open(open, (part) => this.#sendPart(part), checkAnswer(answer));
    });
    socket.on('tail:credit', (raw: unknown) => {
      const credit = checkCredit(raw);
      if (credit !== null) this.#tails.grant(credit.tailId, credit.bytes);
    });
    socket.on('tail:close', (raw: unknown) => {
      const tailId = checkTailId(raw);
      if (tailId !== null) this.#tails.close(tailId);
    });
    socket.on('stored', (raw: unknown) => {
      const seq = checkSeq(raw);
      if (seq !== null) this.#pump.stored(seq);
    });
    socket.on('resync', () => this.#pump.wantSnapshot());
    socket.on('probe', (answer: unknown) => checkAnswer(answer)(undefined));
  }

  #sendPart(part: TailPart): void {
    this.#socket?.emit('tail:part', part);
  }

  #tellOutcome(outcome: CallOutcome, socket: HubSocket): void {
    socket.timeout(CONFIRM_MS).emit('outcome', outcome, (error) => {
      if (error === null) this.#calls.confirmed(outcome.id);
    });
  }
}

const HEARD = ['call', 'tail:open', 'tail:credit', 'tail:close', 'stored', 'resync', 'probe'] as const;
