import type { Selectable } from 'kysely';
import type { Host } from '../fleet/host.ts';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

/** The registry: which hosts there are, as operators wrote them. */
export class Hosts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  all(): Host[] {
    return this.#db.all(sql.selectFrom('hosts').selectAll().orderBy('name')).map(toHost);
  }

  byId(id: string): Host | null {
    return maybeHost(this.#db.one(sql.selectFrom('hosts').selectAll().where('id', '=', id)));
  }

  /** Names differ by more than case. */
  byName(name: string): Host | null {
    return maybeHost(this.#db.one(sql.selectFrom('hosts').selectAll().where('name', '=', name)));
  }

  byUrl(url: string): Host | null {
    return maybeHost(this.#db.one(sql.selectFrom('hosts').selectAll().where('url', '=', url)));
  }

  add(host: Host): void {
    this.#db.run(sql.insertInto('hosts').values(toRow(host)));
  }

  /** Takes its keys and credentials along. False when there was none. */
  remove(id: string): boolean {
    return this.#db.run(sql.deleteFrom('hosts').where('id', '=', id)) > 0;
  }
}

function maybeHost(row: Selectable<Tables['hosts']> | undefined): Host | null {
  return row === undefined ? null : toHost(row);
}

function toHost(row: Selectable<Tables['hosts']>): Host {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    url: row.url,
    environment: row.environment,
    tags: JSON.parse(row.tags),
    disabled: row.disabled !== 0,
    createdAtMs: row.created_at_ms,
  };
}

function toRow(host: Host): Selectable<Tables['hosts']> {
  return {
    id: host.id,
    name: host.name,
    kind: host.kind,
    url: host.url,
    environment: host.environment,
    tags: JSON.stringify(host.tags),
    disabled: host.disabled ? 1 : 0,
    created_at_ms: host.createdAtMs,
  };
}
