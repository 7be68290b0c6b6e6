import type { Selectable } from 'kysely';
import type { ChannelPlace } from '../fleet/alert.ts';
import { type Database, sql } from './database.ts';
import type { Seal } from './seal.ts';
import { ABOUT } from './sealed-columns.ts';
import type { Tables } from './tables.ts';

/** A way out for messages, as it may be shown. */
export interface AlertChannel {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly place: ChannelPlace;
}

/** What nobody is shown again: the whole address, the secret that signs, the password. */
export interface ChannelSecrets {
  readonly url?: string;
  readonly secret?: string;
  readonly password?: string;
}

/** Channels with their secrets. Write-only to everyone but those who send. */
export class AlertChannels {
  readonly #db: Database;
  readonly #seal: Seal;

  constructor(db: Database, seal: Seal) {
    this.#db = db;
    this.#seal = seal;
  }

  /** By name. */
  all(): AlertChannel[] {
    return this.#db.all(sql.selectFrom('alert_channels').selectAll().orderBy('name')).map(toChannel);
  }

  byId(id: string): AlertChannel | null {
    const row = this.#db.one(sql.selectFrom('alert_channels').selectAll().where('id', '=', id));
    return row === undefined ? null : toChannel(row);
  }

  /** Null: there is no such channel, or the key file is no longer the one its secrets were sealed with. */
  secretsOf(id: string): ChannelSecrets | null {
    const row = this.#db.one(sql.selectFrom('alert_channels').select('sealed').where('id', '=', id));
    const text = row === undefined ? null : this.#seal.open(row.sealed, ABOUT.alertChannel(id));
    return text === null ? null : JSON.parse(text);
  }

  /** Another text whenever anything of the channel was written, its secrets too. */
  versionOf(id: string): string {
    const row = this.#db.one(sql.selectFrom('alert_channels').selectAll().where('id', '=', id));
    return JSON.stringify(row ?? null);
  }

  add(channel: AlertChannel, secrets: ChannelSecrets, nowMs: number): void {
    const row = { id: channel.id, ...this.#toColumns(channel, secrets), created_at_ms: Math.round(nowMs) };
    this.#db.run(sql.insertInto('alert_channels').values(row));
  }

  change(channel: AlertChannel, secrets: ChannelSecrets): void {
    const row = this.#toColumns(channel, secrets);
    this.#db.run(sql.updateTable('alert_channels').set(row).where('id', '=', channel.id));
  }

  /** With everything that waits to be sent there. */
  remove(id: string): void {
    this.#db.run(sql.deleteFrom('alert_channels').where('id', '=', id));
  }

  #toColumns({ id, name, enabled, place }: AlertChannel, secrets: ChannelSecrets) {
    return {
      kind: place.kind,
      name,
      enabled: enabled ? 1 : 0,
      place: JSON.stringify(place),
      sealed: this.#seal.seal(JSON.stringify(secrets), ABOUT.alertChannel(id)),
    };
  }
}

function toChannel(row: Selectable<Tables['alert_channels']>): AlertChannel {
  return { id: row.id, name: row.name, enabled: row.enabled !== 0, place: JSON.parse(row.place) };
}
