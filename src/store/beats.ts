import type { Beat } from '../fleet/process.ts';
import { type Database, sql } from './database.ts';

export interface BeatRow {
  readonly hostId: string;
  readonly group: string;
  readonly process: string;
  /** Hours since the epoch. */
  readonly hour: number;
  readonly beat: Beat;
}

const PUT = sql
  .insertInto('beats')
  .values({ host_id: '', group_name: '', process: '', hour: 0, beat: 'running' })
  .onConflict((on) =>
    on
      .columns(['host_id', 'group_name', 'process', 'hour'])
      .doUpdateSet((to) => ({ beat: to.ref('excluded.beat') })),
  );

/** The worst of each hour, so that a strip survives a restart of the hub. */
export class Beats {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  put(beats: readonly BeatRow[]): void {
    this.#db.inTransaction(() => {
      const values = beats.map(({ hostId, group, process, hour, beat }) => [
        hostId,
        group,
        process,
        hour,
        beat,
      ]);
      this.#db.runEach(PUT, values);
    });
  }

  since(hour: number): BeatRow[] {
    return this.#db.all(sql.selectFrom('beats').selectAll().where('hour', '>=', hour)).map((row) => ({
      hostId: row.host_id,
      group: row.group_name,
      process: row.process,
      hour: row.hour,
      beat: row.beat as Beat, // only `put` writes here
    }));
  }

  removeBefore(hour: number): void {
    this.#db.run(sql.deleteFrom('beats').where('hour', '<', hour));
  }
}
