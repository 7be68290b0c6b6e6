import { setImmediate } from 'node:timers/promises';
import { sql as raw, type Selectable } from 'kysely';
import type { AuditRow } from '../fleet/audit-row.ts';
import { type Database, sql } from './database.ts';
import type { Seal } from './seal.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['audit']>;

export type NewAuditRow = Omit<AuditRow, 'seq'>;

export interface AuditSearch {
  /** Anywhere in actor, what, target, detail or outcome. */
  readonly text?: string | undefined;
  readonly actor?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only rows before this one: the way to the next page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Where the chain breaks, or how many rows it holds. */
export type AuditCheck =
  | { readonly ok: true; readonly rows: number }
  | { readonly ok: false; readonly seq: number; readonly says: string };

const PAGE = 500;
const START = 'fleetvisor';
/** What a row follows whose former end is not there any more: a mark no row has, so the break stays to be seen. */
const CUT = 'cut';

/**
 * The audit: rows that are only ever added, each with a mark over itself and the row before, made with the hub's
 * key. Who changes, takes out or adds a row by hand without that key breaks the chain at that row.
 */
export class Audit {
  readonly #db: Database;
  readonly #seal: Pick<Seal, 'mac'>;

  /** `db` should commit with `full` durability. */
  constructor(db: Database, seal: Pick<Seal, 'mac'>) {
    this.#db = db;
    this.#seal = seal;
  }

  /** On disk when it returns; throws when it cannot be. Returns the number of the row. */
  append(row: NewAuditRow): number {
    return this.#db.inTransaction(() => {
      const last = this.#db.one(
        sql.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1),
      );
      const end = this.#head();
      const { seq: before = 0, hash: hashBefore = START } = last ?? {};
      const whole = toColumns({ seq: Math.max(before, end?.seq ?? 0) + 1, ...row });
      const hash = this.#hash(this.#checkHead(before, hashBefore).ok ? hashBefore : CUT, whole);
      this.#db.run(sql.insertInto('audit').values({ ...whole, hash }));
      const head = { id: 1, seq: whole.seq, mac: this.#headMac(whole.seq, hash) };
      this.#db.run(
        sql
          .insertInto('audit_head')
          .values(head)
          .onConflict((on) => on.column('id').doUpdateSet(head)),
      );
      return whole.seq;
    });
  }

  /** Newest first. */
  search({ text, actor, fromMs, toMs, before, limit }: AuditSearch): AuditRow[] {
    let query = sql.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(limit);
    if (before !== undefined) query = query.where('seq', '<', before);
    if (actor !== undefined) query = query.where('actor', '=', actor);
    if (fromMs !== undefined) query = query.where('at_ms', '>=', fromMs);
    if (toMs !== undefined) query = query.where('at_ms', '<', toMs);
    if (text !== undefined) {
      const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
      query = query.where(({ or, eb, ref }) =>
        or(
          (['actor', 'what', 'target', 'detail', 'outcome'] as const).map((column) =>
            eb(raw`${ref(column)} like ${like} escape '\\'`, '=', 1),
          ),
        ),
      );
    }
    return this.#db.all(query).map(toRow);
  }

  /** Every row, oldest first, a page at a time. */
  *all(): Generator<AuditRow> {
    for (const row of this.#rows()) yield toRow(row);
  }

  /** Follows the chain from its start and says where it breaks first. */
  verify(): AuditCheck {
    const steps = this.#following();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /** The same, letting others have a turn after every few rows. */
  async check(): Promise<AuditCheck> {
    const steps = this.#following();
    for (let row = 1; ; row++) {
      const step = steps.next();
      if (step.done) return step.value;
      if (row % PAGE === 0) await setImmediate();
    }
  }

  /**
   * Marks every row anew with another key, within a transaction of the caller. From where the chain breaks on, rows
   * stay as they are: a break stays where it was.
   */
  markAnew(seal: Pick<Seal, 'mac'>): void {
    const next = new Audit(this.#db, seal);
    let hash = START;
    let marked = 0;
    this.#db.withoutTrigger('audit_keeps_words', () => {
      const steps = this.#following();
      let step = steps.next();
      for (; !step.done; step = steps.next(), marked++) {
        hash = next.#hash(hash, step.value);
        this.#db.run(sql.updateTable('audit').set({ hash }).where('seq', '=', step.value.seq));
      }
      if (step.value.ok)
        this.#db.run(sql.updateTable('audit_head').set({ mac: next.#headMac(marked, hash) }));
    });
  }

  *#following(): Generator<Row, AuditCheck> {
    let hash = START;
    let seq = 0;
    for (const row of this.#rows()) {
      if (row.seq !== seq + 1)
        return broken(seq + 1, `row ${seq + 1} is missing: row ${row.seq} follows row ${seq}`);
      seq = row.seq;
      hash = this.#hash(hash, row);
      if (hash !== row.hash)
        return broken(seq, `row ${seq} is not as it was written, or the row before it is another`);
      yield row;
    }
    return this.#checkHead(seq, hash);
  }

  #checkHead(seq: number, hash: string): AuditCheck {
    const head = this.#head();
    if (head === undefined && seq === 0) return { ok: true, rows: 0 };
    if (head !== undefined && head.seq > seq)
      return { ok: false, seq: seq + 1, says: `row ${seq + 1} is missing: ${head.seq} rows were written` };
    if (head === undefined || head.seq !== seq || head.mac !== this.#headMac(seq, hash))
      return { ok: false, seq, says: `row ${seq} is not where the audit ended` };
    return { ok: true, rows: seq };
  }

  #head() {
    return this.#db.one(sql.selectFrom('audit_head').selectAll());
  }

  *#rows(): Generator<Row> {
    for (let after = 0; ; ) {
      const rows = this.#db.all(
        sql.selectFrom('audit').selectAll().where('seq', '>', after).orderBy('seq').limit(PAGE),
      );
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.seq;
    }
  }

  #hash(before: string, row: Omit<Row, 'hash'>): string {
    const words = [before, row.seq, row.at_ms, row.kind, row.ends, row.actor, row.way, row.address];
    words.push(row.what, row.target, row.detail, row.before, row.after, row.outcome);
    return this.#seal.mac(JSON.stringify(words), 'audit');
  }

  #headMac(seq: number, hash: string): string {
    return this.#seal.mac(`${seq} ${hash}`, 'audit head');
  }
}

const broken = (seq: number, says: string): AuditCheck => ({ ok: false, seq, says });

function toColumns({ atMs, ...row }: AuditRow): Omit<Row, 'hash'> {
  return { ...row, at_ms: atMs };
}

function toRow({ at_ms, hash: _hash, ...row }: Row): AuditRow {
  return { ...row, atMs: at_ms };
}
