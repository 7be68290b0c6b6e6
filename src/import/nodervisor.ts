import Sqlite from 'better-sqlite3';
import type { ImportRow } from '../fleet/imported-row.ts';
import type { Problem } from '../fleet/problem.ts';
import { problemAt, type ReadList, rowFrom } from './row.ts';
import { type SqlInsert, sqlInserts } from './sql-inserts.ts';

/** A row of nodervisor's `hosts` or `groups`, whatever the case of its columns. */
interface Row {
  readonly line: number | null;
  readonly values: ReadonlyMap<string, string>;
}

/** nodervisor's SQLite file: `hosts` (Name, Url with the password inside, idGroup) and `groups` (Name). */
export function readNodervisorFile(bytes: Buffer): ReadList {
  let db: Sqlite.Database | null = null;
  try {
    db = new Sqlite(bytes, { readonly: true });
    return listFrom(tableOf(db, 'hosts'), tableOf(db, 'groups'));
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    return { rows: [], problems: [problemAt(null, `is no nodervisor database (${error.message})`)] };
  } finally {
    db?.close();
  }
}

/** The same as SQL: what `sqlite3 nodervisor.db .dump` or mysqldump writes. */
export function readNodervisorSql(text: string): ReadList {
  const { inserts, problems } = sqlInserts(text, COLUMNS);
  const rowsOf = (table: string): Row[] => inserts.filter((insert) => insert.table === table).map(toValues);
  const list = listFrom(rowsOf('hosts'), rowsOf('groups'));
  return { rows: list.rows, problems: [...problems, ...list.problems] };
}

/** The order of columns where an INSERT names none. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  hosts: ['idhost', 'idgroup', 'name', 'url'],
  groups: ['idgroup', 'name'],
};

function listFrom(hosts: readonly Row[], groups: readonly Row[]): ReadList {
  const names = new Map(groups.map(({ values }) => [values.get('idgroup') ?? '', values.get('name') ?? '']));
  const rows: ImportRow[] = [];
  const problems: Problem[] = [];
  for (const { line, values } of hosts) {
    const url = values.get('url') ?? '';
    const name = values.get('name') ?? '';
    if (url === '') problems.push(problemAt(line, `the host ${JSON.stringify(name)} has no Url`));
    else rows.push(rowFrom({ line, name, url, environment: names.get(values.get('idgroup') ?? '') }));
  }
  if (hosts.length === 0)
    problems.push(problemAt(null, 'there are no rows of a table hosts in it', 'Is this from nodervisor?'));
  return { rows, problems };
}

function tableOf(db: Sqlite.Database, name: 'hosts' | 'groups'): Row[] {
  const known = db.prepare("select 1 from sqlite_master where type = 'table' and lower(name) = ?").get(name);
  if (known === undefined) return [];
  return db
    .prepare(`select * from ${name} limit 100000`)
    .all()
    .map((row) => ({ line: null, values: lowered(Object.entries(row as Record<string, unknown>)) }));
}

function toValues({ line, columns, values }: SqlInsert): Row {
  return { line, values: lowered(columns.map((column, at) => [column, values[at]])) };
}

function lowered(entries: readonly (readonly [string, unknown])[]): Map<string, string> {
  return new Map(
    entries.flatMap(([column, value]) =>
      value === null || value === undefined ? [] : [[column.toLowerCase(), String(value)]],
    ),
  );
}
