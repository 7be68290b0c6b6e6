import Sqlite from 'better-sqlite3';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { readSchema, readSealedKey, type Schema } from './schema.ts';
import type { Tables } from './tables.ts';

/** Builds queries with types and runs none: `Database` runs them, at once and in order. */
export const sql = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** How hard a commit is: `full` survives a power cut, `normal` survives a killed hub. */
export type Durability = 'normal' | 'full';

/** Who else may have the database open meanwhile: with `nobody`, a database that is open elsewhere is `SQLITE_BUSY`. */
export type Company = 'anybody' | 'nobody';

export function isLock(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** One connection. Statements are prepared once each; nothing of a transaction is ever left open over a turn. */
export class Database {
  readonly #sqlite: Sqlite.Database;
  readonly #prepared = new Map<string, Sqlite.Statement>();

  /** `lockWaitMs`: how long a write holds up everything else while another program has the database locked. */
  constructor(file: string, durability: Durability, lockWaitMs = 5_000, company: Company = 'anybody') {
    this.#sqlite = new Sqlite(file, { timeout: lockWaitMs });
    if (company === 'nobody') this.#sqlite.pragma('locking_mode = EXCLUSIVE');
    this.#sqlite.pragma('journal_mode = WAL');
    this.#sqlite.pragma(`synchronous = ${durability.toUpperCase()}`);
    this.#sqlite.pragma('foreign_keys = ON');
  }

  all<T>(query: Compilable<T>): T[] {
    const { sql: text, parameters } = query.compile();
    return this.#prepare(text).all(...parameters) as T[];
  }

  one<T>(query: Compilable<T>): T | undefined {
    const { sql: text, parameters } = query.compile();
    return this.#prepare(text).get(...parameters) as T | undefined;
  }

  /** Returns how many rows changed. */
  run(query: Compilable): number {
    const { sql: text, parameters } = query.compile();
    return this.#prepare(text).run(...parameters).changes;
  }

  /**
   * Runs one statement for each list of values, in the order its parameters have in `query`, which is compiled once:
   * writing a query down takes longer than SQLite takes to run it. Returns the row ids that inserts got.
   */
  runEach(query: Compilable, values: Iterable<readonly unknown[]>): number[] {
    const statement = this.#prepare(query.compile().sql);
    return Array.from(values, (each) => Number(statement.run(...each).lastInsertRowid));
  }

  /** Takes the write lock first, so that nothing read inside is outdated when it is written. */
  inTransaction<T>(work: () => T): T {
    return this.#sqlite.transaction(work).immediate();
  }

  /** What the builder cannot say, written out. */
  allOf<T>(query: RawBuilder<T>): T[] {
    const { sql: text, parameters } = query.compile(sql);
    return this.#prepare(text).all(...parameters) as T[];
  }

  /** Returns how many rows changed. */
  runOf(query: RawBuilder<unknown>): number {
    const { sql: text, parameters } = query.compile(sql);
    return this.#prepare(text).run(...parameters).changes;
  }

  /** Runs a whole script, as migrations are. */
  script(text: string): void {
    this.#sqlite.exec(text);
  }

  /** Does what a trigger forbids; within a transaction nobody else sees it gone. */
  withoutTrigger(name: string, work: () => void): void {
    const text = this.#sqlite.prepare("select sql from sqlite_master where type = 'trigger' and name = ?");
    const definition = text.pluck().get(name);
    this.script(`drop trigger if exists ${name}`);
    work();
    if (typeof definition === 'string') this.script(definition);
  }

  pragma(name: string): unknown {
    return this.#sqlite.pragma(name, { simple: true });
  }

  /** Whether a write would find the database locked by another program now. Throws what else is wrong. */
  isLocked(): boolean {
    try {
      this.#sqlite.exec('begin immediate; rollback');
      return false;
    } catch (error) {
      if (isLock(error)) return true;
      throw error;
    }
  }

  schema(): Schema {
    return readSchema(this.#sqlite);
  }

  /** The hub's private key, sealed; null: none was made yet. */
  sealedKey(): string | null {
    return readSealedKey(this.#sqlite);
  }

  /** Another number whenever another connection, as of a `fleetvisor hub` verb, has written. */
  dataVersion(): number {
    return Number(this.pragma('data_version'));
  }

  close(): void {
    this.#prepared.clear();
    this.#sqlite.close();
  }

  #prepare(text: string): Sqlite.Statement {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.#sqlite.prepare(text);
    this.#prepared.set(text, statement);
    return statement;
  }
}
