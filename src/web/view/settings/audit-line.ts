import type { AuditEntry } from '../../../api/contract.ts';
import { clockTime, day, fullTime } from '../format.ts';
import { slugWords } from '../problem-words.ts';
import type { Reader } from '../reader.ts';

/** What a route does, in words, by its name in the audit; others are shown as they are. */
export const DEEDS = {
  'POST /session': 'deed.signIn',
  'DELETE /session': 'deed.signOut',
  'GET /sign-in/oidc/callback': 'deed.signOn',
  'POST /tokens': 'deed.token',
  'POST /me/tokens': 'deed.token',
  'POST /device': 'deed.device',
  'POST /me/device/:code/approve': 'deed.deviceIn',
  'POST /me/device/:code/deny': 'deed.deviceAway',
  'DELETE /tokens/:id': 'deed.tokenEnd',
  'POST /actions': 'deed.action',
  'POST /actions/:id/cancel': 'deed.cancel',
  'POST /actions/:id/resume': 'deed.resume',
  'POST /actions/:id/approve': 'deed.approve',
  'POST /actions/:id/decline': 'deed.decline',
  'second person': 'deed.nobodyApproved',
  'POST /processes/:host/:namespec/input': 'deed.input',
  'POST /hosts': 'deed.hostAdd',
  'POST /hosts/test': 'deed.hostTest',
  'POST /hosts/:id/test': 'deed.hostTest',
  'PATCH /hosts/:id': 'deed.hostChange',
  'DELETE /hosts/:id': 'deed.hostRemove',
  'POST /hosts/:id/restore': 'deed.hostRestore',
  'POST /hosts/:id/revoke': 'deed.hostRevoke',
  'POST /hosts/import': 'deed.import',
  'POST /join-tokens': 'deed.joinToken',
  'DELETE /join-tokens/:id': 'deed.joinTokenEnd',
  'POST /schedules': 'deed.schedule',
  'PATCH /schedules/:id': 'deed.scheduleChange',
  'DELETE /schedules/:id': 'deed.scheduleRemove',
  'POST /schedules/:id/restore': 'deed.scheduleRestore',
  'POST /schedules/:id/pause': 'deed.schedulePause',
  'POST /schedules/:id/resume': 'deed.scheduleResume',
  'POST /schedules/:id/run': 'deed.scheduleRun',
  'POST /alerts/:id/acknowledge': 'deed.alertAck',
  'POST /alerts/:id/unacknowledge': 'deed.alertUnack',
  'POST /alert-rules': 'deed.alertRule',
  'PATCH /alert-rules/:id': 'deed.alertRuleChange',
  'DELETE /alert-rules/:id': 'deed.alertRuleRemove',
  'POST /alert-channels': 'deed.alertChannel',
  'PATCH /alert-channels/:id': 'deed.alertChannelChange',
  'DELETE /alert-channels/:id': 'deed.alertChannelRemove',
  'POST /alert-channels/:id/test': 'deed.alertChannelTest',
  'POST /users': 'deed.userAdd',
  'PATCH /users/:id': 'deed.userChange',
  'POST /users/:id/password': 'deed.userPassword',
  'DELETE /users/:id/second-factor': 'deed.userFactor',
  'DELETE /users/:id/sessions/:session': 'deed.userSession',
  'groups read again': 'deed.groups',
  refusals: 'deed.refusals',
  'POST /me/password': 'deed.password',
  'POST /me/second-factor': 'deed.factorBegin',
  'POST /me/second-factor/confirm': 'deed.factor',
  'POST /me/second-factor/drop': 'deed.factorDrop',
  'DELETE /me/sessions/:session': 'deed.session',
  'PATCH /settings': 'deed.settings',
  'POST /views': 'deed.view',
  'PATCH /views/:id': 'deed.viewChange',
  'DELETE /views/:id': 'deed.viewRemove',
} as const;

const WAYS = {
  page: 'way.page',
  api: 'way.api',
  cli: 'way.cli',
  hub: 'way.hub',
  schedule: 'way.schedule',
} as const;

/** Rows as one reads them: what was begun stands with its end, and alone only while it has none. */
export function auditLines(rows: readonly AuditEntry[], reader: Reader) {
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const ended = new Set(rows.map(({ ends }) => ends));
  let lastDay = '';
  return rows
    .filter(({ kind, seq }) => kind !== 'begun' || !ended.has(seq))
    .map((row) => {
      const line = auditLine(row, row.ends === null ? undefined : bySeq.get(row.ends), reader);
      const isNewDay = line.day !== lastDay;
      lastDay = line.day;
      return { ...line, newDay: isNewDay ? line.day : null };
    });
}

function auditLine(row: AuditEntry, begun: AuditEntry | undefined, reader: Reader) {
  const { say } = reader;
  const deed = Object.entries(DEEDS).find(([what]) => what === row.what)?.[1];
  const [, way = '', token = ''] = /^(\S*) ?(.*)$/.exec(row.way) ?? [];
  const known = Object.entries(WAYS).find(([name]) => name === way)?.[1];
  const verdict = verdictOf(row);
  return {
    seq: row.seq,
    day: day(row.atMs, reader),
    time: clockTime(row.atMs, reader),
    timeTitle: fullTime(row.atMs, reader),
    actor: row.actor,
    nobody: row.actor === '',
    way: known === undefined ? row.way : way === 'schedule' ? `${say(known)} ${token}` : say(known),
    token,
    address: row.address.replace(/^::ffff:/, ''),
    deed: deed === undefined ? row.what : say(deed),
    what: row.what,
    target: row.target || (begun?.target ?? ''),
    kind: verdict,
    outcome: outcomeWords(row, reader),
    rowTitle: `#${row.seq}${row.ends === null ? '' : ` (${say('audit.ends', { n: row.ends })})`}`,
    parts: [
      { label: say('audit.asked'), text: pretty(row.detail || (begun?.detail ?? '')) },
      { label: say('audit.before'), text: pretty(row.before) },
      { label: say('audit.after'), text: pretty(row.after) },
    ].filter(({ text }) => text !== ''),
  };
}

function verdictOf({ kind, outcome }: AuditEntry): 'begun' | 'done' | 'refused' | 'failed' {
  if (kind === 'refused') return 'refused';
  if (kind === 'begun') return 'begun';
  return /^[23]\d\d |^done|^$/.test(outcome) ? 'done' : /^[45]\d\d /.test(outcome) ? 'failed' : 'done';
}

function outcomeWords({ kind, outcome }: AuditEntry, { say, language }: Reader): string {
  if (kind === 'begun') return say('audit.begun');
  const [, status = '', word = outcome] = /^(\d{3}) (.*)$/.exec(outcome) ?? [];
  if (status.startsWith('2') || word === 'done') return say('audit.done');
  const why = word.includes(' ') ? word : slugWords(word, language);
  return kind === 'refused' ? say('audit.refused', { why }) : why;
}

function pretty(json: string | null): string {
  if (json === null || json === '') return '';
  try {
    const value: unknown = JSON.parse(json);
    if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return '';
    return typeof value === 'string' ? value : JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  } catch {
    return json; // cut by the audit itself: shown as it was kept
  }
}
