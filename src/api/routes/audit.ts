import { CSV_HEAD, csvLine } from '../../accounts/audit-words.ts';
import { isoText } from '../../clock.ts';
import type { AuditRow } from '../../fleet/audit-row.ts';
import type { Audit } from '../../store/audit.ts';
import type { AuditCheck, AuditPage } from '../contract.ts';
import { auditCheck } from '../hub-shapes.ts';
import * as schemas from '../people-schemas.ts';
import { auditPage } from '../people-shapes.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { write } from '../stream-lines.ts';

export interface AuditPorts {
  readonly auditRows: Audit;
}

/** Looking into the audit. There is no way to clear or change it. */
export function auditRoutes({ auditRows }: AuditPorts): Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/audit',
      right: 'read-audit',
      says: 'Lists rows of the audit, newest first.',
      query: schemas.auditQuery,
      answers: { 200: auditPage },
      run({ res, query }) {
        const { from: fromMs, to: toMs, limit, ...search } = query;
        const rows = auditRows.search({ ...search, fromMs, toMs, limit });
        const next = rows.length < limit ? null : (rows.at(-1)?.seq ?? null);
        res.json({ rows, next } satisfies AuditPage);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/audit/check',
      right: 'read-audit',
      says: 'Follows the chain of the audit from its start and says whether it holds.',
      answers: { 200: auditCheck },
      run: async ({ res }) => void res.json((await auditRows.check()) satisfies AuditCheck),
    }),
    guardedRoute({
      method: 'get',
      path: '/audit/export',
      right: 'read-audit',
      cost: 'expensive',
      says: 'Gives the whole audit as a file: CSV that is safe in spreadsheets, or JSON lines.',
      query: schemas.exportQuery,
      answers: { 200: 'text/csv' },
      run: (call) => exported(call, call.query.format, auditRows),
    }),
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

async function exported({ res }: Call, format: keyof typeof FORMATS, rows: Audit): Promise<void> {
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
