import type { Insertable, Selectable } from 'kysely';
import type { Host } from '../fleet/host.ts';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

/** The registry: which hosts there are, as operators wrote them. Removed ones are seen by `removed…` alone. */
export class Hosts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  all(): Host[] {
    return this.#db.all(present().orderBy('name')).map(toHost);
  }

  byId(id: string): Host | null {
    return maybeHost(this.#db.one(present().where('id', '=', id)));
  }

  /** Names differ by more than case. */
  byName(name: string): Host | null {
    return maybeHost(this.#db.one(present().where('name', '=', name)));
  }

  byUrl(url: string): Host | null {
    return maybeHost(this.#db.one(present().where('url', '=', url)));
  }

  /** `authority`: the PEM its `trust` of that kind names. */
  add(host: Host, authority: string | null = null): void {
    this.#db.run(sql.insertInto('hosts').values({ ...toRow(host), trust_pem: authority }));
  }

  /** Writes everything an operator may change. `authority`: left out, the one it has stays with its `trust`. */
  update(host: Host, authority?: string | null): void {
    const { id, ...row } = toRow(host);
    const keep = authority === undefined && host.trust?.kind === 'authority';
    this.#db.run(
      sql
        .updateTable('hosts')
        .set({ ...row, ...(keep ? {} : { trust_pem: authority ?? null }) })
        .where('id', '=', id),
    );
  }

  /** PEM of the authority an `https` host is believed by, or null. */
  authorityOf(id: string): string | null {
    return (
      this.#db.one(sql.selectFrom('hosts').select('trust_pem').where('id', '=', id).limit(1))?.trust_pem ??
      null
    );
  }

  /** Takes a host out of the registry and keeps all of it for `restore`. False when there was none. */
  setAside(id: string, nowMs: number): boolean {
    const host = this.byId(id);
    if (host === null) return false;
    const row = { name: `removed:${id}`, removed_name: host.name, removed_at_ms: nowMs };
    return this.#db.run(sql.updateTable('hosts').set(row).where('id', '=', id)) > 0;
  }

  /** Puts a host that was set aside back. Null: there is none; throws when its name was given away. */
  restore(id: string): Host | null {
    const row = this.#db.one(aside().where('id', '=', id));
    if (row === undefined) return null;
    const back = { name: row.removed_name ?? row.name, removed_name: null, removed_at_ms: null };
    this.#db.run(sql.updateTable('hosts').set(back).where('id', '=', id));
    return this.byId(id);
  }

  /** A host that was set aside and not purged yet, under its own name. */
  removedById(id: string): Host | null {
    const row = this.#db.one(aside().where('id', '=', id));
    return row === undefined ? null : toHost({ ...row, name: row.removed_name ?? row.name });
  }

  /** Forgets those set aside before then, with their keys and credentials. Returns how many. */
  purgeRemoved(beforeMs: number): number {
    return this.#db.run(sql.deleteFrom('hosts').where('removed_at_ms', '<', beforeMs));
  }

  /** Forgets a host at once, with its keys and credentials. False when there was none. */
  remove(id: string): boolean {
    return this.#db.run(sql.deleteFrom('hosts').where('id', '=', id)) > 0;
  }
}

const present = () => sql.selectFrom('hosts').selectAll().where('removed_at_ms', 'is', null);
const aside = () => sql.selectFrom('hosts').selectAll().where('removed_at_ms', 'is not', null);

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
    ...(row.notes === '' ? {} : { notes: row.notes }),
    ...(row.maintenance === null ? {} : { maintenance: JSON.parse(row.maintenance) }),
    ...(row.trust_kind === null || row.trust_sha256 === null
      ? {}
      : { trust: { kind: row.trust_kind, sha256: row.trust_sha256 } }),
  };
}

function toRow(
  host: Host,
): Omit<Insertable<Tables['hosts']>, 'trust_pem' | 'removed_at_ms' | 'removed_name'> {
  return {
    id: host.id,
    name: host.name,
    kind: host.kind,
    url: host.url,
    environment: host.environment,
    tags: JSON.stringify(host.tags),
    disabled: host.disabled ? 1 : 0,
    created_at_ms: host.createdAtMs,
    notes: host.notes ?? '',
    maintenance: host.maintenance === undefined ? null : JSON.stringify(host.maintenance),
    trust_kind: host.trust?.kind ?? null,
    trust_sha256: host.trust?.sha256 ?? null,
  };
}
