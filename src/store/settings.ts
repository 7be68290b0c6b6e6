import { type Database, sql } from './database.ts';

/** What administrators decide for the whole hub, by name; each a JSON value. */
export class Settings {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Null: never set. */
  get(name: string): unknown {
    const row = this.#db.one(sql.selectFrom('settings').select('value').where('name', '=', name));
    return row === undefined ? null : JSON.parse(row.value);
  }

  set(name: string, value: unknown): void {
    const row = { name, value: JSON.stringify(value) };
    this.#db.run(
      sql
        .insertInto('settings')
        .values(row)
        .onConflict((on) => on.column('name').doUpdateSet(row)),
    );
  }
}
