import type { Namespace, Server, Socket } from 'socket.io';
import type { z } from 'zod';
import type { Accounts, Proof } from '../accounts/accounts.ts';
import { schemeOver } from '../accounts/origin.ts';
import { Standing, whileAllowed } from '../accounts/recheck.ts';
import { mayI, type Person, type Right } from '../accounts/rights.ts';
import { readSessionCookie } from '../accounts/session-cookie.ts';
import type { Alerting } from '../alerts/alerting.ts';
import type { Clock } from '../clock.ts';
import type { ActionRunner } from '../control/action-runner.ts';
import type { FleetChange, FleetState } from '../control/fleet-state.ts';
import type { LogTails } from '../control/log-tails.ts';
import { SeenChanges } from '../control/seen-changes.ts';
import { placeOf, seenAction, seesHappening } from '../control/seen-fleet.ts';
import { nameOf } from '../control/tail-wish.ts';
import { seesSubject } from '../control/wanted-events.ts';
import type { Action } from '../fleet/action.ts';
import type { Alert } from '../fleet/alert.ts';
import type { Happening } from '../fleet/happening.ts';
import type { Scheduler } from '../schedules/scheduler.ts';
import { isLarge } from './action-news.ts';
import { BrowserFeed } from './browser-feed.ts';
import { BrowserTail } from './browser-tail.ts';
import type { BrowserToHub, HubToBrowser, TailOpened } from './contract.ts';
import * as events from './events.ts';
import { fleetParts } from './fleet-parts.ts';

export interface LivePorts {
  readonly accounts: Accounts;
  readonly fleet: FleetState;
  readonly actions: ActionRunner;
  readonly tails: LogTails;
  readonly alerting: Pick<Alerting, 'changes' | 'counts'>;
  readonly scheduler: Pick<Scheduler, 'changes'>;
  readonly clock: Clock;
  readonly trustedProxies: number;
  readonly bug: (error: unknown) => void;
}

type Browser = Socket<BrowserToHub, HubToBrowser>;

const MOST_TAILS = 16;

const no = (says: string): TailOpened => ({ ok: false, says });

/** Serves browsers at `/live`: a session cookie at the handshake, looked at again with every event. */
export function serveLive(io: Server, ports: LivePorts): void {
  const live: Namespace<BrowserToHub, HubToBrowser> = io.of('/live');
  live.use((socket, next) => {
    const proof = proofOf(socket, ports.trustedProxies);
    const person = ports.accounts.visitor(proof)?.person ?? null;
    next(mayI(person, 'see-fleet') ? undefined : new Error('not-signed-in'));
  });
  live.on('connection', (socket) => {
    const proof = proofOf(socket, ports.trustedProxies);
    if (proof === null) socket.disconnect(true);
    else new LiveBrowser(socket, proof, ports);
  });
}

function proofOf({ request }: Browser, trustedProxies: number): Proof | null {
  const cookie = readSessionCookie(request.headers.cookie, schemeOver(request, trustedProxies));
  return cookie === null ? null : { kind: 'cookie', value: cookie };
}

class LiveBrowser {
  readonly #socket: Browser;
  readonly #proof: Proof;
  readonly #ports: LivePorts;
  readonly #feed: BrowserFeed;
  readonly #tails = new Map<string, BrowserTail>();
  readonly #ends: (() => void)[] = [];
  readonly #standing: Standing;
  /** What `#standing` said at the last packet: the same object as long as nothing about people changed. */
  #stood: Person | null;
  #person: Person | null;
  #seen: SeenChanges | null = null;
  #isWatching = false;

  constructor(socket: Browser, proof: Proof, ports: LivePorts) {
    this.#socket = socket;
    this.#proof = proof;
    this.#ports = ports;
    this.#standing = new Standing(proof, ports.accounts);
    this.#person = this.#standing.person();
    this.#stood = this.#person;
    this.#feed = new BrowserFeed(
      {
        isFree: () => socket.conn.transport.writable,
        fleet: (part) => this.#isAsBefore() && socket.emit('fleet', part),
        delta: (delta) => this.#isAsBefore() && socket.emit('delta', delta),
        lately: (event) => this.#isAsBefore() && socket.emit('lately', event),
        action: (action) => this.#isAsBefore() && socket.emit('action', action),
        alerts: (changed, more) => this.#isAsBefore() && this.#tellAlerts(changed, more),
        actionNews: (news) => this.#isAsBefore() && socket.emit('action:news', news),
      },
      ports.clock,
    );
    this.#ends.push(
      whileAllowed({ proof, right: 'see-fleet' }, ports.accounts, ports.clock, () => this.#look()),
      ports.accounts.onChange(() => this.#look()),
    );
    this.#listen();
  }

  #listen(): void {
    this.#socket.on('watch', () => this.#if('see-fleet', () => this.#watch()));
    this.#socket.on('tail:open', (raw, answer) => this.#if('see-fleet', () => this.#openTail(raw, answer)));
    this.#socket.on('tail:credit', (raw) =>
      this.#if('read-logs', () =>
        this.#with(events.tailCredit, raw, ({ tailId, lines }) => this.#tails.get(tailId)?.grant(lines)),
      ),
    );
    this.#socket.on('tail:close', (raw) =>
      this.#if('see-fleet', () =>
        this.#with(events.tailClose, raw, ({ tailId }) => this.#tails.get(tailId)?.close()),
      ),
    );
    this.#socket.on('disconnect', () => this.#end());
  }

  /** Asks the gate for every event: what was right at the handshake may be over. */
  #if(right: Right, then: () => void): void {
    try {
      this.#look();
      if (mayI(this.#person, right)) then();
    } catch (error) {
      this.#ports.bug(error);
    }
  }

  /** Who is this now? Signs out who is nobody any more; who has other grants gets everything anew by them. */
  #look(): void {
    const now = this.#ports.accounts.visitor(this.#proof)?.person ?? null;
    const before = this.#person;
    if (now === null || !mayI(now, 'see-fleet')) {
      if (before !== null) this.#signOut();
    } else if (JSON.stringify(before) !== JSON.stringify(now)) this.#becomes(now);
  }

  /** Whether what waits to be sent may be: asked for every packet. */
  #isAsBefore(): boolean {
    const before = this.#person;
    const stands = this.#standing.person();
    if (stands !== this.#stood) this.#look();
    this.#stood = stands;
    return before === this.#person;
  }

  #becomes(person: Person): void {
    this.#person = person;
    for (const [tailId, tail] of this.#tails) {
      tail.close();
      this.#socket.emit('tail:end', { tailId, says: 'Your rights have changed.' });
    }
    if (this.#isWatching) this.#watch();
  }

  #with<T>(schema: z.ZodType<T>, raw: unknown, then: (value: T) => void): void {
    const read = schema.safeParse(raw);
    if (read.success) then(read.data);
  }

  #watch(): void {
    const { fleet, actions, clock } = this.#ports;
    if (this.#person === null) return;
    if (!this.#isWatching) this.#subscribe();
    this.#seen = new SeenChanges(this.#person, fleet);
    const begun = {
      atMs: clock.wallMs(),
      ...this.#seen.begin(),
      lately: fleet.lately.all().filter((event) => this.#seesHappening(event)),
    };
    const seen = actions.latest().flatMap((action) => this.#asSeen(action) ?? []);
    const small = seen.filter((action) => !isLarge(action));
    this.#feed.restart((seq) => fleetParts({ seq, ...begun, actions: small }), seen.filter(isLarge));
  }

  #changed(change: FleetChange): void {
    const seen = this.#seen?.change(change) ?? null;
    if (seen !== null) this.#feed.changed(seen);
  }

  #acted(action: Action): void {
    const seen = this.#asSeen(action);
    if (seen !== null) this.#feed.acted(seen);
  }

  #asSeen(action: Action): Action | null {
    return this.#person === null ? null : seenAction(this.#person, action, this.#ports.fleet);
  }

  #seesHappening(event: Happening): boolean {
    const { fleet, actions } = this.#ports;
    if (this.#person === null) return false;
    return seesHappening(this.#person, event, fleet, (id) => {
      const action = actions.byId(id);
      return action === null ? null : this.#asSeen(action);
    });
  }

  #seesAlert(): (alert: Alert) => boolean {
    return this.#person === null ? () => false : seesSubject(this.#person, this.#ports.fleet);
  }

  #tellAlerts(changed: readonly Alert[], more: boolean): void {
    const counts = this.#ports.alerting.counts(this.#seesAlert());
    this.#socket.emit('alerts', { counts, changed, ...(more ? { more: true } : {}) });
  }

  #subscribe(): void {
    const { fleet, actions, alerting, scheduler } = this.#ports;
    this.#isWatching = true;
    this.#ends.push(
      fleet.changes.add((change) => this.#changed(change)),
      fleet.lately.added.add((event) => this.#seesHappening(event) && this.#feed.happened(event)),
      actions.changes.add((action) => this.#acted(action)),
      scheduler.changes.add(() => void (this.#isAsBefore() && this.#socket.emit('schedules'))),
      alerting.changes.add((alert) => this.#seesAlert()(alert) && this.#feed.alerted(alert)),
    );
  }

  #openTail(raw: unknown, answer: unknown): void {
    const read = events.tailOpen.safeParse(raw);
    const opened = read.success ? this.#tryTail(read.data) : no('the request is not well formed');
    if (typeof answer === 'function') answer(opened);
  }

  #tryTail({ tailId, except, ...wish }: z.infer<typeof events.tailOpen>): TailOpened {
    if (!mayI(this.#person, 'read-logs')) return no('you may not read logs');
    const left = new Set(except);
    if (this.#tails.has(tailId)) return no('this tail is open already');
    if (this.#tails.size >= MOST_TAILS) return no(`more than ${MOST_TAILS} tails in one browser`);
    const opened = this.#ports.tails.open({
      ...wish,
      mode: 'follow',
      sees: (host, process) =>
        !left.has(nameOf(host, process)) && mayI(this.#person, 'read-logs', placeOf(host, process)),
    });
    if (!opened.ok) {
      const { where, says, hint } = opened.problems[0];
      return { ok: false, says, where, ...(hint === undefined ? {} : { hint }) };
    }
    const tail = new BrowserTail(opened.value, {
      lines: (lines) => this.#isAsBefore() && this.#socket.emit('tail:lines', { tailId, lines, skipped: 0 }),
      end: (says) => this.#socket.emit('tail:end', { tailId, says }),
    });
    this.#tails.set(tailId, tail);
    tail
      .run()
      .catch((error: unknown) => this.#ports.bug(error))
      .finally(() => this.#tails.delete(tailId));
    return { ok: true };
  }

  #signOut(): void {
    this.#person = null;
    this.#socket.emit('signed-out', { says: 'You are signed out.' });
    this.#end();
    this.#socket.disconnect(true);
  }

  #end(): void {
    for (const end of this.#ends.splice(0)) end();
    for (const tail of this.#tails.values()) tail.close();
    this.#feed.close();
  }
}
