import { createHash } from 'node:crypto';
import type { ProcessState } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import { ClockSkew } from './clock-skew.ts';
import type { LinkProcess, LinkSink } from './host-link.ts';
import { askLastLines } from './last-lines.ts';
import { maskReply, nowInReply } from './masked-reply.ts';
import { readAnswer, type SupervisordClient } from './supervisord-client.ts';
import { askFacts, sameFacts, type ToldFacts } from './supervisord-facts.ts';
import {
  crashed,
  differs,
  linkProcess,
  type Telling,
  type ToldProcess,
  toldKey,
  toldProcesses,
} from './told-process.ts';
import { TransportError } from './transport-error.ts';

const FACTS_EVERY_MS = 30_000;
/** Times already told are corrected only when the clocks went apart by more. */
const SKEW_TOLERANCE_MS = 1_500;
/** A fleet-wide crash must not hold up the poll: the others come without last words. */
const LAST_LINES_PER_ROUND = 5;

interface Known {
  readonly told: ToldProcess;
  readonly process: LinkProcess;
}

/** Reads one supervisord's processes again and again and tells the sink what is new. */
export class SupervisordPoll {
  readonly #hostId: string;
  readonly #client: SupervisordClient;
  readonly #sink: LinkSink;
  readonly #clock: Clock;
  readonly #skew = new ClockSkew();
  #skewMs = 0;
  #facts: ToldFacts | null = null;
  #factsAtMs = 0;
  #known: ReadonlyMap<string, Known> = new Map();
  /** A digest: the replies themselves would be most of the memory of a large fleet. */
  #lastReply: string | null = null;
  #lastAskedMs = 0;

  constructor(
    hostId: string,
    client: SupervisordClient,
    ports: { readonly sink: LinkSink; readonly clock: Clock },
  ) {
    this.#hostId = hostId;
    this.#client = client;
    this.#sink = ports.sink;
    this.#clock = ports.clock;
  }

  /** The host went away: at the next answer everything is told anew. */
  forget(): void {
    this.#facts = null;
    this.#lastReply = null;
  }

  *states(): Iterable<ProcessState> {
    for (const { process } of this.#known.values()) yield process.state;
  }

  process(group: string, name: string): LinkProcess | undefined {
    return this.#known.get(toldKey({ group, name }))?.process;
  }

  /** One round. True when something changed. Throws `FaultAnswer` or `TransportError`. */
  async round(): Promise<boolean> {
    const whole = this.#facts === null;
    const factsChanged = await this.#refreshFacts();
    const askedMs = this.#clock.wallMs();
    const reply = await this.#client.askBytes('supervisor.getAllProcessInfo');
    const answeredMs = this.#clock.wallMs();
    const nowSeconds = nowInReply(reply);
    if (nowSeconds !== null) this.#skew.learn(nowSeconds, askedMs, answeredMs);
    const corrected = this.#correctSkew();
    maskReply(reply);
    const digest = createHash('sha1').update(reply).digest('base64');
    const anew = whole || factsChanged || corrected;
    if (!anew && this.#lastReply === digest) {
      this.#sink.heard(this.#hostId);
      this.#lastAskedMs = askedMs;
      return false;
    }
    const told = toldProcesses(readAnswer(reply));
    if (told === null) throw new TransportError('not-a-supervisor', { sent: true });
    const telling = { skewMs: this.#skewMs, nowMs: answeredMs, lastAskedMs: this.#lastAskedMs };
    const changed = await this.#tell(told, telling, anew);
    this.#lastReply = digest;
    this.#lastAskedMs = askedMs;
    return changed;
  }

  async #refreshFacts(): Promise<boolean> {
    const nowMs = this.#clock.uptimeMs();
    if (this.#facts !== null && nowMs - this.#factsAtMs < FACTS_EVERY_MS) return false;
    const facts = await askFacts(this.#client);
    const changed = this.#facts === null || !sameFacts(facts, this.#facts);
    this.#facts = facts;
    this.#factsAtMs = nowMs;
    return changed;
  }

  #correctSkew(): boolean {
    const skewMs = this.#skew.skewMs();
    if (Math.abs(skewMs - this.#skewMs) <= SKEW_TOLERANCE_MS) return false;
    this.#skewMs = skewMs;
    return true;
  }

  async #tell(told: readonly ToldProcess[], telling: Telling, anew: boolean): Promise<boolean> {
    const before = this.#known;
    const known = new Map(
      told.map((one) => [toldKey(one), this.#know(one, before.get(toldKey(one)), telling)]),
    );
    const sameNames = known.size === before.size && [...known.keys()].every((key) => before.has(key));
    const changed = [...known].filter(([key, { told: one }]) => {
      const old = before.get(key);
      return old === undefined || differs(one, old.told);
    });
    const words = await this.#lastWords(changed, before);
    this.#known = known;
    if (anew || !sameNames) this.#tellAll();
    for (const [key, { process }] of changed) {
      const lines = words.get(key) ?? null;
      if ((sameNames && !anew) || lines !== null) this.#sink.changed(this.#hostId, process, lines);
    }
    if (changed.length === 0 && sameNames && !anew) this.#sink.heard(this.#hostId);
    return changed.length > 0 || !sameNames;
  }

  #know(told: ToldProcess, before: Known | undefined, telling: Telling): Known {
    return { told, process: linkProcess(told, before?.process, telling) };
  }

  #tellAll(): void {
    if (this.#facts === null) return;
    const processes = [...this.#known.values()].map(({ process }) => process);
    this.#sink.snapshot(this.#hostId, { ...this.#facts, clockSkewMs: this.#skewMs }, processes);
  }

  async #lastWords(
    changed: readonly (readonly [string, Known])[],
    before: ReadonlyMap<string, Known>,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const words = new Map<string, readonly string[]>();
    const dead = changed.filter(([key, { told }]) => crashed(told, before.get(key)?.told));
    for (const [key, { told }] of dead.slice(0, LAST_LINES_PER_ROUND)) {
      const lines = await askLastLines(this.#client, told);
      if (lines.length > 0) words.set(key, lines);
    }
    return words;
  }
}
