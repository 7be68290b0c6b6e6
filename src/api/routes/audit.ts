import { CSV_HEAD, csvLine } from '../../accounts/audit-words.ts';
import { isoText } from '../../clock.ts';
import type { Audit, AuditRow } from '../../store/audit.ts';
import type { AuditPage } from '../contract.ts';
import * as schemas from '../people-schemas.ts';
import type { Call, Route } from '../route.ts';
import { read } from '../schemas.ts';
import { write } from '../stream-lines.ts';

export interface AuditPorts {
  readonly auditRows: Audit;
}

/** Looking into the audit. There is no way to clear or change it. */
export function auditRoutes({ auditRows }: AuditPorts): Route[] {
  return [
    {
      method: 'get',
      path: '/audit',
      right: 'read-audit',
      run({ req, res }) {
        const { from: fromMs, to: toMs, limit, ...search } = read(schemas.auditQuery, { ...req.query });
        const rows = auditRows.search({ ...search, fromMs, toMs, limit });
        const next = rows.length < limit ? null : (rows.at(-1)?.seq ?? null);
        res.json({ rows, next } satisfies AuditPage);
      },
    },
    { method: 'get', path: '/audit/export', right: 'read-audit', run: (call) => exported(call, auditRows) },
  ];
}

const FORMATS = {
  csv: {
    type: 'text/csv; charset=utf-8',
    head: CSV_HEAD,
    line: ({ atMs, ...row }: AuditRow) => csvLine({ ...row, at: isoText(atMs) }),
  },
  jsonl: {
    type: 'application/x-ndjson',
    head: '',
    line: (row: AuditRow) => `${JSON.stringify(row)}\n`,
  },
} as const;

async function exported({ req, res }: Call, rows: Audit): Promise<void> {
  const { format } = read(schemas.exportQuery, { ...req.query });
  const { type, head, line } = FORMATS[format];
  const disposition = `attachment; filename="fleetvisor-audit.${format}"`;
  res.status(200).set({ 'content-type': type, 'content-disposition': disposition });
  let waiting = head;
  for (const row of rows.all()) {
    waiting += line(row);
    if (waiting.length < PORTION) continue;
    if (!(await write(res, waiting))) return;
    waiting = '';
  }
  res.end(waiting);
}

const PORTION = 64 * 1024;
