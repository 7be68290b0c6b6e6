import type { Selectable } from 'kysely';
import type { AlertRule } from '../fleet/alert.ts';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

/** The rules by which alerts open. */
export class AlertRules {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** By name. */
  all(): AlertRule[] {
    return this.#db
      .all(sql.selectFrom('alert_rules').selectAll().orderBy('name').orderBy('created_at_ms'))
      .map(toRule);
  }

  byId(id: string): AlertRule | null {
    const row = this.#db.one(sql.selectFrom('alert_rules').selectAll().where('id', '=', id));
    return row === undefined ? null : toRule(row);
  }

  add(rule: AlertRule, nowMs: number): void {
    const row = { id: rule.id, ...toColumns(rule), created_at_ms: Math.round(nowMs) };
    this.#db.run(sql.insertInto('alert_rules').values(row));
  }

  change(rule: AlertRule): void {
    this.#db.run(sql.updateTable('alert_rules').set(toColumns(rule)).where('id', '=', rule.id));
  }

  remove(id: string): void {
    this.#db.run(sql.deleteFrom('alert_rules').where('id', '=', id));
  }
}

type Row = Selectable<Tables['alert_rules']>;

const toColumns = (rule: AlertRule): Omit<Row, 'id' | 'created_at_ms'> => ({
  name: rule.name,
  enabled: rule.enabled ? 1 : 0,
  condition: JSON.stringify(rule.condition),
  selector: rule.selector,
  for_seconds: rule.forSeconds,
  clear_seconds: rule.clearSeconds,
  severity: rule.severity,
  channels: JSON.stringify(rule.channels),
  repeat_minutes: rule.repeatMinutes,
});

function toRule(row: Row): AlertRule {
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled !== 0,
    condition: JSON.parse(row.condition),
    selector: row.selector,
    forSeconds: row.for_seconds,
    clearSeconds: row.clear_seconds,
    severity: row.severity,
    channels: JSON.parse(row.channels),
    repeatMinutes: row.repeat_minutes,
  };
}
