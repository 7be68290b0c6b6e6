import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { fittingKey } from './key-file.ts';
import { readSchema, readSealedKey, type Schema } from './schema.ts';
import { type Seal, sealOf } from './seal.ts';
import { ABOUT } from './sealed-columns.ts';

export interface InspectedChannel {
  readonly name: string;
  readonly enabled: boolean;
  readonly waiting: number;
  /** Of the last try; null: it went well, or there was none. */
  readonly lastError: string | null;
  readonly opens: boolean;
}

/** What can be told of a database without changing it. */
export interface Inspected {
  /** `ok`, or what SQLite found. */
  readonly check: string;
  readonly schema: Schema;
  readonly bytes: number;
  /** Of which this much is free inside and `gc` would give back. */
  readonly freeBytes: number;
  /** Whether `hub.key` opens what was sealed; null: nothing was. */
  readonly keyFits: boolean | null;
  /** Names of hosts whose password the key does not open. */
  readonly lostPasswords: readonly string[];
  /** Where alerts are told, how many messages wait, and whether the key opens what is secret of it. */
  readonly channels: readonly InspectedChannel[];
  /** Hosts whose agent is not known to pin the hub's own key rather than a former one; null: there is no former one. */
  readonly notFollowed: readonly string[] | null;
  readonly rows: Readonly<Record<'hosts' | 'fleet_events' | 'actions', number>>;
}

/** Looks at the database of a data folder, with a hub running there or not. Throws SQLite's error for a file it cannot read. */
export function inspect(dataFolder: string): Inspected | null {
  const file = join(dataFolder, 'fleetvisor.db');
  if (!existsSync(file)) return null;
  const db = new Sqlite(file, { readonly: true, timeout: 5_000 });
  try {
    const pragma = (name: string): number => Number(db.pragma(name, { simple: true }));
    const check = String(db.pragma('quick_check(1)', { simple: true })).replace(/\s+/g, ' ');
    const pageBytes = pragma('page_size');
    return {
      check,
      schema: readSchema(db),
      bytes: pragma('page_count') * pageBytes,
      freeBytes: pragma('freelist_count') * pageBytes,
      ...(check === 'ok' ? sealed(db, dataFolder) : { keyFits: null, lostPasswords: [], channels: [] }),
      notFollowed: notFollowed(db),
      rows: {
        hosts: countOf(db, 'hosts'),
        fleet_events: countOf(db, 'fleet_events'),
        actions: countOf(db, 'actions'),
      },
    };
  } finally {
    db.close();
  }
}

function countOf(db: Sqlite.Database, table: string): number {
  try {
    return Number(db.prepare(`select count(*) from ${table}`).pluck().get());
  } catch {
    return 0; // of another version, or damaged: the check says so
  }
}

function notFollowed(db: Sqlite.Database): string[] | null {
  try {
    const [own, ...former] = db.prepare('select public_key from hub_keys order by id desc').pluck().all();
    if (former.length === 0) return null;
    const behind = db.prepare(
      'select h.name from agent_keys k join hosts h on h.id = k.host_id where k.revoked_at_ms is null and h.removed_at_ms is null and k.hub_key is not ? order by h.name',
    );
    return behind.pluck().all(own).map(String);
  } catch {
    return null; // of another version, or damaged: the check says so
  }
}

function sealed(
  db: Sqlite.Database,
  dataFolder: string,
): Pick<Inspected, 'keyFits' | 'lostPasswords' | 'channels'> {
  const sealedKey = readSealedKey(db);
  const key = sealedKey === null ? null : fittingKey(dataFolder, sealedKey);
  const seal = key === null ? null : sealOf(key);
  const passwords = db
    .prepare(
      'select h.name, c.host_id as id, c.sealed_password as text from credentials c join hosts h on h.id = c.host_id',
    )
    .all() as { readonly name: string; readonly id: string; readonly text: string }[];
  const lost = passwords.filter(
    ({ id, text }) => seal === null || seal.open(text, ABOUT.password(id)) === null,
  );
  return {
    keyFits: sealedKey === null ? null : seal !== null,
    lostPasswords: lost.map(({ name }) => name),
    channels: channelsOf(db, seal),
  };
}

const CHANNELS = `select c.id, c.name, c.enabled, c.sealed,
  (select count(*) from alert_deliveries d where d.channel_id = c.id and d.state = 'waiting') as waiting,
  (select d.last_error from alert_deliveries d where d.channel_id = c.id and d.tried_at_ms is not null
    order by d.tried_at_ms desc limit 1) as lastError
  from alert_channels c order by c.name`;

function channelsOf(db: Sqlite.Database, seal: Seal | null): InspectedChannel[] {
  try {
    const rows = db.prepare(CHANNELS).all() as (Omit<InspectedChannel, 'enabled' | 'opens'> & {
      readonly id: string;
      readonly enabled: number;
      readonly sealed: string;
    })[];
    return rows.map(({ id, sealed: text, enabled, name, waiting, lastError }) => ({
      name,
      enabled: enabled !== 0,
      waiting,
      lastError,
      opens: seal !== null && seal.open(text, ABOUT.alertChannel(id)) !== null,
    }));
  } catch {
    return []; // of another version
  }
}
