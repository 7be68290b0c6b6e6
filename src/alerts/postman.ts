import type { Cancel, Clock } from '../clock.ts';
import type { AlertChannel, AlertChannels, ChannelSecrets } from '../store/alert-channels.ts';
import type { AlertDeliveries, Delivery } from '../store/alert-deliveries.ts';
import type { AlertMessage } from './message.ts';
import type { SendResult } from './send-result.ts';

/** One message on its way out of one channel. */
export interface Sending {
  readonly channel: AlertChannel;
  readonly secrets: ChannelSecrets;
  /** The same at every try. */
  readonly delivery: string;
  readonly message: AlertMessage;
}

export type Send = (sending: Sending, signal: AbortSignal) => Promise<SendResult>;

export interface PostmanPorts {
  readonly channels: Pick<AlertChannels, 'byId' | 'secretsOf'>;
  readonly deliveries: AlertDeliveries;
  readonly clock: Clock;
  readonly random: () => number;
  readonly send: Send;
  readonly bug: (error: unknown) => void;
}

/** How many messages ended how since the hub started. */
export interface DeliveryCounts {
  delivered: number;
  retried: number;
  failed: number;
}

/** A message that could not be delivered for so long is given up. */
const GIVE_UP_MS = 24 * 3_600_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30 * 60_000;

/** Milliseconds until the next try after so many failed ones in a row: twice as long each time, a quarter more or less. */
export function waitMs(failures: number, random: () => number): number {
  const ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 20));
  return ms * (0.75 + random() / 2);
}

interface Round {
  busy: boolean;
  failures: number;
  cancel: Cancel | null;
}

/**
 * Takes the messages of each channel where they are to go, one after the other and each channel on its own: one that is
 * slow or broken holds up no other. A message may arrive twice when the hub ends between its arrival and the note of it.
 */
export class Postman {
  readonly counts: DeliveryCounts = { delivered: 0, retried: 0, failed: 0 };
  readonly #ports: PostmanPorts;
  readonly #rounds = new Map<string, Round>();
  readonly #closing = new AbortController();

  constructor(ports: PostmanPorts) {
    this.#ports = ports;
  }

  /** Goes on with what waits. */
  open(): void {
    for (const channelId of this.#ports.deliveries.channelsWaiting()) this.wake(channelId);
  }

  close(): void {
    this.#closing.abort();
    for (const round of this.#rounds.values()) round.cancel?.();
  }

  /** There is something for this channel; one that waits after a failure goes on waiting. */
  wake(channelId: string): void {
    const round = this.#roundOf(channelId);
    if (round.cancel === null) this.#arm(channelId, round, 0);
  }

  /** The channel was changed: what failed may work now. */
  retry(channelId: string): void {
    const round = this.#roundOf(channelId);
    round.cancel?.();
    round.failures = 0;
    this.#arm(channelId, round, 0);
  }

  /** The channel is gone. */
  forget(channelId: string): void {
    this.#rounds.get(channelId)?.cancel?.();
    this.#rounds.delete(channelId);
  }

  #roundOf(channelId: string): Round {
    const known = this.#rounds.get(channelId);
    if (known !== undefined) return known;
    const round: Round = { busy: false, failures: 0, cancel: null };
    this.#rounds.set(channelId, round);
    return round;
  }

  #arm(channelId: string, round: Round, ms: number): void {
    if (this.#closing.signal.aborted) return;
    round.cancel = this.#ports.clock.after(ms, () => {
      round.cancel = null;
      void this.#walk(channelId, round);
    });
  }

  async #walk(channelId: string, round: Round): Promise<void> {
    if (round.busy) return;
    round.busy = true;
    try {
      while (round.cancel === null && (await this.#step(channelId, round)) === 'next') {
        // one message after the other
      }
    } catch (error) {
      this.#ports.bug(error); // the disk may be full now and not in a minute
      round.failures++;
      this.#arm(channelId, round, waitMs(round.failures + 4, this.#ports.random));
    } finally {
      round.busy = false;
    }
  }

  async #step(channelId: string, round: Round): Promise<'next' | 'rest'> {
    const { channels, deliveries, clock, send } = this.#ports;
    const channel = channels.byId(channelId);
    const next = channel === null ? null : deliveries.nextOf(channelId);
    if (channel === null || next === null) return 'rest';
    const nowMs = clock.wallMs();
    if (!channel.enabled)
      return this.#over({ ...next, state: 'dropped', lastError: 'the channel is disabled' });
    if (nowMs - next.createdAtMs > GIVE_UP_MS) return this.#over({ ...next, state: 'failed' });
    const result = await send(
      {
        channel,
        secrets: channels.secretsOf(channelId) ?? {},
        delivery: String(next.id),
        message: JSON.parse(next.message),
      },
      this.#closing.signal,
    );
    if (this.#closing.signal.aborted) return 'rest';
    return this.#note({ ...next, attempts: next.attempts + 1, triedAtMs: clock.wallMs() }, result, round);
  }

  #note(tried: Delivery, result: SendResult, round: Round): 'next' | 'rest' {
    if (result.kind === 'delivered') {
      round.failures = 0;
      return this.#over({ ...tried, state: 'delivered', lastError: null });
    }
    const lastError = result.says.says;
    if (result.kind === 'refused') return this.#over({ ...tried, state: 'failed', lastError });
    this.#ports.deliveries.tried({ ...tried, lastError });
    this.counts.retried++;
    round.failures++;
    // Changed meanwhile: that is due already.
    if (round.cancel === null) this.#arm(tried.channelId, round, waitMs(round.failures, this.#ports.random));
    return 'rest';
  }

  #over(delivery: Delivery): 'next' {
    this.#ports.deliveries.tried(delivery);
    if (delivery.state === 'delivered') this.counts.delivered++;
    else this.counts.failed++;
    return 'next';
  }
}
