import type { Right } from '../../src/accounts/rights.ts';
import type { ExitName } from '../../src/cli/exit-status.ts';

/** A harmless call of one verb of the fleet command, and what it takes. */
export interface VerbSample {
  /** Words after the verb's name. `{action}` and `{gone}` are ids that the test knows. */
  readonly words: readonly string[];
  /** `own machine`: no right is needed. */
  readonly right: Right | 'own machine';
  /** For who may; left out: `done`. */
  readonly ends?: ExitName;
  /** For an operator of `env=stage/web:*`, where it is another than the right alone says. */
  readonly scoped?: ExitName;
  readonly stdin?: string;
}

const sample = (right: VerbSample['right'], words: string, more: Partial<VerbSample> = {}): VerbSample => ({
  right,
  words: words.split(' ').filter(Boolean),
  ...more,
});

/** Every verb, in an order in which they do not stand in each other's way. */
export const VERB_SAMPLES: Readonly<Record<string, VerbSample>> = {
  login: sample('own machine', '--user nobody', { ends: 'usage' }),
  logout: sample('own machine', ''),
  profiles: sample('own machine', ''),
  'profiles use': sample('own machine', 'http://127.0.0.1:9', { ends: 'nothing' }),
  completion: sample('own machine', 'bash'),
  shell: sample('see-fleet', '', { stdin: 'status web:*\n' }),
  status: sample('see-fleet', 'web:*'),
  events: sample('see-fleet', '-n 5'),
  hosts: sample('see-fleet', '', { ends: 'unreachable', scoped: 'done' }),
  tail: sample('read-logs', 'web:*'),
  search: sample('read-logs', 'never-written web:*', { ends: 'nothing' }),
  signal: sample('act', 'CONT web:* --yes'),
  stop: sample('act', 'web:* --yes'),
  start: sample('act', 'web:* --yes'),
  restart: sample('act', 'web:* --yes'),
  clear: sample('act', 'web:* --yes'),
  send: sample('send-input', 'stage-1/web hello'),
  reread: sample('act', 'stage-1', { scoped: 'notAllowed' }),
  update: sample('act', 'stage-1 --yes', { scoped: 'notAllowed' }),
  reload: sample('restart-supervisors', 'spare --yes', { ends: 'unreachable', scoped: 'nothing' }),
  shutdown: sample('end-supervisors', 'spare --yes', { ends: 'unreachable', scoped: 'nothing' }),
  actions: sample('see-fleet', ''),
  'actions retry': sample('see-fleet', '{action}', { scoped: 'nothing' }),
  'actions cancel': sample('act', '{action}', { scoped: 'nothing' }),
  'actions resume': sample('act', '{action}', { scoped: 'nothing' }),
  'actions approve': sample('act', '{action} --yes', { ends: 'failed', scoped: 'nothing' }),
  'actions decline': sample('act', '{action}', { ends: 'failed', scoped: 'nothing' }),
  schedules: sample('see-fleet', ''),
  'schedules list': sample('see-fleet', ''),
  'schedules show': sample('see-fleet', 'none', { ends: 'nothing' }),
  'schedules add': sample('act', 'nightly restart web:* --cron never', { ends: 'usage' }),
  'schedules edit': sample('act', 'none --mine', { ends: 'nothing' }),
  'schedules pause': sample('act', 'none', { ends: 'nothing' }),
  'schedules resume': sample('act', 'none', { ends: 'nothing' }),
  'schedules run': sample('act', 'none', { ends: 'nothing' }),
  'schedules remove': sample('act', 'none', { ends: 'nothing' }),
  alerts: sample('see-fleet', ''),
  'alerts ack': sample('act', '999', { ends: 'nothing' }),
  'alerts unack': sample('act', '999', { ends: 'nothing' }),
  'alerts rules': sample('manage-hosts', ''),
  'alerts add-rule': sample('manage-hosts', 'prod-rule --when fatal --on "', { ends: 'badSelector' }),
  'alerts edit-rule': sample('manage-hosts', 'ar_fatal --repeat 1h'),
  'alerts remove-rule': sample('manage-hosts', 'none', { ends: 'nothing' }),
  'alerts channels': sample('manage-hosts', ''),
  'alerts add-channel': sample('manage-hosts', 'x --slack ftp://x', { ends: 'usage' }),
  'alerts edit-channel': sample('manage-hosts', 'none --disable', { ends: 'nothing' }),
  'alerts remove-channel': sample('manage-hosts', 'none', { ends: 'nothing' }),
  'alerts test': sample('manage-hosts', 'none', { ends: 'nothing' }),
  'alerts deliveries': sample('manage-hosts', ''),
  'hosts add': sample('manage-hosts', 'no..name! http://127.0.0.1:9', { ends: 'usage' }),
  'hosts join': sample('manage-hosts', ''),
  'hosts join-tokens': sample('manage-hosts', ''),
  'hosts join-revoke': sample('manage-hosts', 'j_none', { ends: 'nothing' }),
  'hosts edit': sample('manage-hosts', 'stage-1 --notes hello'),
  'hosts test': sample('manage-hosts', 'stage-1'),
  'hosts maintenance': sample('manage-hosts', 'stage-1 --off'),
  'hosts disable': sample('manage-hosts', 'spare', { scoped: 'nothing' }),
  'hosts enable': sample('manage-hosts', 'spare', { scoped: 'nothing' }),
  'hosts revoke': sample('manage-hosts', 'stage-1 --yes', { ends: 'usage' }),
  'hosts restore': sample('manage-hosts', '{gone}', { ends: 'nothing' }),
  'hosts remove': sample('manage-hosts', 'spare --yes', { scoped: 'nothing' }),
  'hosts import': sample('manage-hosts', '{list} --dry-run'),
  'hosts found': sample('manage-hosts', ''),
  doctor: sample('manage-hosts', 'stage-1'),
  tokens: sample('manage-own-tokens', ''),
  'tokens revoke': sample('manage-own-tokens', 't_none', { ends: 'nothing' }),
  users: sample('manage-people', ''),
  'users add': sample('manage-people', 'admin', { ends: 'usage' }),
  'users grant': sample('manage-people', 'late --grant viewer'),
  'users sign-in-by': sample('manage-people', 'late local'),
  'users disable': sample('manage-people', 'late'),
  'users enable': sample('manage-people', 'late'),
  'users reset-password': sample('manage-people', 'late'),
  audit: sample('read-audit', ''),
};
