import { type Database, sql } from './database.ts';

export interface FailureCount {
  readonly failures: number;
  readonly firstAtMs: number;
}

/** Failed sign-ins by `user:NAME` and `address:ADDRESS`: a throttle that survives a restart of the hub. */
export class SignInFailures {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  of(subject: string): FailureCount | null {
    const row = this.#db.one(sql.selectFrom('sign_in_failures').selectAll().where('subject', '=', subject));
    return row === undefined ? null : { failures: row.failures, firstAtMs: row.first_at_ms };
  }

  put(subject: string, { failures, firstAtMs }: FailureCount): void {
    const row = { subject, failures, first_at_ms: firstAtMs };
    this.#db.run(
      sql
        .insertInto('sign_in_failures')
        .values(row)
        .onConflict((c) => c.column('subject').doUpdateSet(row)),
    );
  }

  clear(subject: string): void {
    this.#db.run(sql.deleteFrom('sign_in_failures').where('subject', '=', subject));
  }

  removeBefore(atMs: number): void {
    this.#db.run(sql.deleteFrom('sign_in_failures').where('first_at_ms', '<', atMs));
  }
}
