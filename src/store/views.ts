import type { Selectable } from 'kysely';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

export type ViewPage = Tables['views']['page'];

/** A name for a link into one of the console's lists. */
export interface ViewRow {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly page: ViewPage;
  /** What stands behind the page's address: `env=prod&by=host`. */
  readonly query: string;
  readonly shared: boolean;
  readonly createdAtMs: number;
}

/** Views that people keep, and which of them opens first for whom. */
export class Views {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** One's own and the shared ones, by name. */
  seenBy(userId: string): ViewRow[] {
    const rows = sql
      .selectFrom('views')
      .selectAll()
      .where((where) => where.or([where('owner_id', '=', userId), where('shared', '=', 1)]));
    return this.#db.all(rows.orderBy('name')).map(toView);
  }

  byId(id: string): ViewRow | null {
    const row = this.#db.one(sql.selectFrom('views').selectAll().where('id', '=', id));
    return row === undefined ? null : toView(row);
  }

  add(view: ViewRow): void {
    this.#db.run(
      sql.insertInto('views').values({
        id: view.id,
        owner_id: view.ownerId,
        name: view.name,
        page: view.page,
        query: view.query,
        shared: view.shared ? 1 : 0,
        created_at_ms: view.createdAtMs,
      }),
    );
  }

  /** A view that is no longer shared opens first for nobody but its owner. */
  change({ id, ownerId, name, query, shared }: ViewRow): void {
    this.#db.inTransaction(() => {
      this.#db.run(
        sql
          .updateTable('views')
          .set({ name, query, shared: shared ? 1 : 0 })
          .where('id', '=', id),
      );
      if (!shared)
        this.#db.run(
          sql.deleteFrom('default_views').where('view_id', '=', id).where('user_id', '!=', ownerId),
        );
    });
  }

  remove(id: string): void {
    this.#db.run(sql.deleteFrom('views').where('id', '=', id));
  }

  /** Ids of the views that open first for somebody. */
  defaultsOf(userId: string): ReadonlySet<string> {
    const rows = sql.selectFrom('default_views').select('view_id').where('user_id', '=', userId);
    return new Set(this.#db.all(rows).map((row) => row.view_id));
  }

  setDefault(userId: string, { id, page }: Pick<ViewRow, 'id' | 'page'>): void {
    const row = { user_id: userId, page, view_id: id };
    this.#db.run(
      sql
        .insertInto('default_views')
        .values(row)
        .onConflict((on) => on.columns(['user_id', 'page']).doUpdateSet(row)),
    );
  }

  dropDefault(userId: string, viewId: string): void {
    this.#db.run(sql.deleteFrom('default_views').where('user_id', '=', userId).where('view_id', '=', viewId));
  }
}

function toView(row: Selectable<Tables['views']>): ViewRow {
  return {
    id: row.id,
    ownerId: row.owner_id,
    name: row.name,
    page: row.page,
    query: row.query,
    shared: row.shared !== 0,
    createdAtMs: row.created_at_ms,
  };
}
