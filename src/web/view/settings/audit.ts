import type { AuditCheck } from '../../../api/contract.ts';
import { dayBounds } from '../calendar.ts';
import { mapLoaded } from '../loaded.ts';
import { phrase } from '../problem-words.ts';
import type { Reader } from '../reader.ts';
import { auditLines } from './audit-line.ts';
import { type PartMaker, shown } from './part.ts';
import { reads } from './reads.ts';

const PER_PAGE = 100;
/** What a reader picks, and what of the address is sent on. */
const FIELDS = ['text', 'actor', 'from', 'to', 'before'] as const;

export const auditPart: PartMaker = (_world, reader, { get, params }) => {
  const field = (name: (typeof FIELDS)[number]): string => (params.get(name) ?? '').slice(0, 200);
  const query = new URLSearchParams({ limit: String(PER_PAGE) });
  for (const name of ['text', 'actor', 'before'] as const)
    if (field(name) !== '') query.set(name, field(name));
  const [fromMs, toMs] = [
    dayBounds(field('from'), reader.zone)?.from,
    dayBounds(field('to'), reader.zone)?.to,
  ];
  if (fromMs !== undefined) query.set('from', String(fromMs));
  if (toMs !== undefined) query.set('to', String(toMs));
  const page = get(reads.audit(`?${query}`));
  const next = mapLoaded(page, (it) => it.next, null);
  const older = next === null ? null : linkWith(params, next);
  const newest = field('before') === '' ? null : linkWith(params, null);
  return {
    title: reader.say('settings.audit'),
    template: 'pages/audit',
    model: {
      rows: shown(page, ({ rows }) => auditLines(rows, reader)),
      text: field('text'),
      actor: field('actor'),
      from: field('from'),
      to: field('to'),
      filtered: FIELDS.some((name) => field(name) !== ''),
      chain: shown(get(reads.auditCheck()), (check) => chainView(check, reader)),
      older,
      newest,
      paged: older !== null || newest !== null,
    },
  };
};

function linkWith(params: URLSearchParams, before: number | null): string {
  const next = new URLSearchParams(params);
  if (before === null) next.delete('before');
  else next.set('before', String(before));
  return `/settings/audit?${next}`;
}

function chainView(check: AuditCheck, { say, language }: Reader) {
  return check.ok
    ? { ok: true, says: say('audit.chain', { n: check.rows }) }
    : { ok: false, says: phrase(check.says, language) };
}
