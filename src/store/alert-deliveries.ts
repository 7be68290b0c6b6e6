import type { Selectable } from 'kysely';
import type { DeliveryState, MessageReason } from '../fleet/alert.ts';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

/** One message to one channel, and what became of it. */
export interface Delivery {
  readonly id: number;
  readonly channelId: string;
  readonly reason: MessageReason;
  /** What the message says, as JSON. */
  readonly message: string;
  readonly createdAtMs: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly triedAtMs: number | null;
  readonly lastError: string | null;
}

export type NewDelivery = Pick<Delivery, 'channelId' | 'reason' | 'message' | 'createdAtMs'>;

/** Which deliveries, newest first; `limit` at most. */
export interface DeliveryRange {
  readonly channelId?: string | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface ChannelState {
  readonly waiting: number;
  readonly last: {
    readonly atMs: number;
    readonly state: DeliveryState;
    readonly error: string | null;
  } | null;
}

/** So many may wait for one channel; the oldest gives way. */
const MOST_WAITING = 1_000;
/** So many that are over are kept of one channel. */
const MOST_OVER = 1_000;

/** The queues of the channels, and the log of what was sent. */
export class AlertDeliveries {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list({ channelId, before, limit }: DeliveryRange): Delivery[] {
    let query = sql.selectFrom('alert_deliveries').selectAll().orderBy('id', 'desc').limit(limit);
    if (channelId !== undefined) query = query.where('channel_id', '=', channelId);
    if (before !== undefined) query = query.where('id', '<', before);
    return this.#db.all(query).map(toDelivery);
  }

  byId(id: number): Delivery | null {
    const row = this.#db.one(sql.selectFrom('alert_deliveries').selectAll().where('id', '=', id));
    return row === undefined ? null : toDelivery(row);
  }

  /** The oldest that waits for a channel. */
  nextOf(channelId: string): Delivery | null {
    const row = this.#db.one(
      sql
        .selectFrom('alert_deliveries')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('state', '=', 'waiting')
        .orderBy('id')
        .limit(1),
    );
    return row === undefined ? null : toDelivery(row);
  }

  /** How many wait for a channel, and what came of the last try. */
  stateOf(channelId: string): ChannelState {
    const ofChannel = sql.selectFrom('alert_deliveries').where('channel_id', '=', channelId);
    const waiting = this.#db.one(
      ofChannel.select((count) => count.fn.countAll<number>().as('count')).where('state', '=', 'waiting'),
    );
    const last = this.#db.one(
      ofChannel
        .select(['tried_at_ms', 'state', 'last_error'])
        .where('tried_at_ms', 'is not', null)
        .orderBy('tried_at_ms', 'desc')
        .limit(1),
    );
    return {
      waiting: waiting?.count ?? 0,
      last:
        last === undefined
          ? null
          : { atMs: last.tried_at_ms ?? 0, state: last.state, error: last.last_error },
    };
  }

  /** Channels for which something waits. */
  channelsWaiting(): string[] {
    const rows = sql
      .selectFrom('alert_deliveries')
      .select('channel_id')
      .distinct()
      .where('state', '=', 'waiting');
    return this.#db.all(rows).map((row) => row.channel_id);
  }

  /** Puts a message into the queue of its channel; of more than a thousand the oldest is dropped. */
  add({ channelId, reason, message, createdAtMs }: NewDelivery): void {
    this.#db.run(
      sql.insertInto('alert_deliveries').values({
        channel_id: channelId,
        reason,
        message,
        created_at_ms: Math.round(createdAtMs),
        state: 'waiting',
        tried_at_ms: null,
        last_error: null,
      }),
    );
    this.#dropBeyond(channelId);
  }

  tried({ id, state, attempts, triedAtMs, lastError }: Delivery): void {
    this.#db.run(
      sql
        .updateTable('alert_deliveries')
        .set({
          state,
          attempts,
          tried_at_ms: triedAtMs === null ? null : Math.round(triedAtMs),
          last_error: lastError,
        })
        .where('id', '=', id),
    );
  }

  /** Forgets what is over: what is older, and of each channel all but the latest thousand. */
  removeOverBefore(atMs: number): number {
    const over = sql.deleteFrom('alert_deliveries').where('state', '!=', 'waiting');
    let removed = this.#db.run(over.where('created_at_ms', '<', Math.round(atMs)));
    const channels = sql.selectFrom('alert_deliveries').select('channel_id').distinct();
    for (const { channel_id: id } of this.#db.all(channels))
      removed += this.#db.run(
        over.where('channel_id', '=', id).where('id', 'not in', (of) =>
          of
            .selectFrom('alert_deliveries')
            .select('id')
            .where('channel_id', '=', id)
            .orderBy('id', 'desc')
            .limit(MOST_OVER + MOST_WAITING),
        ),
      );
    return removed;
  }

  #dropBeyond(channelId: string): void {
    this.#db.run(
      sql
        .updateTable('alert_deliveries')
        .set({ state: 'dropped', last_error: QUEUE_FULL })
        .where('id', 'in', (of) =>
          of
            .selectFrom('alert_deliveries')
            .select('id')
            .where('channel_id', '=', channelId)
            .where('state', '=', 'waiting')
            .orderBy('id', 'desc')
            .limit(-1)
            .offset(MOST_WAITING),
        ),
    );
  }
}

const QUEUE_FULL = `more than ${MOST_WAITING} messages waited for this channel: the oldest gave way`;

function toDelivery(row: Selectable<Tables['alert_deliveries']>): Delivery {
  return {
    id: row.id,
    channelId: row.channel_id,
    reason: row.reason,
    message: row.message,
    createdAtMs: row.created_at_ms,
    state: row.state,
    attempts: row.attempts,
    triedAtMs: row.tried_at_ms,
    lastError: row.last_error,
  };
}
