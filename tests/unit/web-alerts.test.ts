import { expect, test } from 'vitest';
import type { Alert, AlertRule } from '../../src/api/contract.ts';
import { explained, worstFirst } from '../../src/web/view/alerts/alert-line.ts';
import { channelChange, channelTyped } from '../../src/web/view/alerts/channel-fields.ts';
import { ruleFields, ruleTyped } from '../../src/web/view/alerts/rule-fields.ts';
import { ruleWords } from '../../src/web/view/alerts/rule-words.ts';
import { faultsShown } from '../../src/web/view/problem-words.ts';
import { sayIn } from '../../src/web/view/say.ts';
import { madeUpAlerts } from '../support/made-up-alerts.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const made = madeUpAlerts(() => NOW);
const english = { say: sayIn('en') };
const chinese = { say: sayIn('zh') };
const words = (rule: AlertRule | undefined, reader = english): string => {
  if (rule === undefined) throw new Error('no such rule is made up');
  const { what, severity, tells, again } = ruleWords(rule, made.channels, reader);
  return [what, severity, tells, again].filter(Boolean).join(' → ');
};

test('a host that is away explains what else is wrong on it; what nobody looks after comes first', () => {
  const sorted = worstFirst(made.open);
  expect(sorted.map(({ id }) => id)).toEqual([48, 47, 46, 45]);
  expect(explained(sorted).map(({ alert, under }) => [alert.id, under.map(({ id }) => id)])).toEqual([
    [48, []],
    [47, [46]],
    [45, []],
  ]);
  const critical = (id: number, more: Partial<Alert>): Alert => ({ ...made.open[0], id, ...more }) as Alert;
  const acked = critical(3, { acknowledged: { by: 'mei', atMs: NOW, note: '' } });
  expect(
    worstFirst([acked, critical(2, { severity: 'warning' }), critical(1, {})]).map(({ id }) => id),
  ).toEqual([1, 2, 3]);
});

test('a rule reads as a sentence, in either language', () => {
  expect(made.rules.map((rule) => words(rule))).toEqual([
    'Any process is FATAL → critical → ops-slack',
    'Any process is restarted 3 times within 20 min → warning → all channels',
    'Any host cannot be reached for 1 min → critical → all channels → again every 30 min',
    'A process of env=prod/api:* uses more than 2.0 GiB for 5 min → warning → tells nobody',
  ]);
  expect(words(made.rules[1], chinese)).toBe('任意进程在 20 分钟 内重启 3 次 → 警告 → 所有渠道');
});

test('the form of a rule gives back what it shows, and what is no number stays none', () => {
  for (const rule of made.rules) {
    const fields = ruleFields(rule, made.channels, english);
    const given = new URLSearchParams({
      name: fields.name,
      kind: rule.condition.kind,
      restarts: fields.restarts,
      withinMinutes: fields.withinMinutes,
      mebibytes: fields.mebibytes,
      selector: fields.selector,
      forSeconds: fields.forSeconds,
      clearSeconds: fields.clearSeconds,
      severity: rule.severity,
      repeatMinutes: String(rule.repeatMinutes),
    });
    for (const { value, on } of fields.states) if (on) given.append('state', String(value));
    if (fields.all) given.append('channel', 'all');
    for (const { value, on } of fields.channels) if (on) given.append('channel', String(value));
    const { id: _id, enabled: _enabled, ...told } = rule;
    expect(ruleTyped(given)).toEqual(told);
  }
  expect(ruleTyped(new URLSearchParams({ forSeconds: 'soon' })).forSeconds).toBeNaN();
});

test('what is secret and left empty is not changed; a channel’s form sends what its kind has', () => {
  const given = new URLSearchParams({
    kind: 'email',
    name: 'night',
    url: 'https://elsewhere.example.net',
    host: 'mail.example.net',
    port: '465',
    security: 'tls',
    username: '',
    password: '',
    from: 'fleet@example.net',
    to: 'a@example.net, b@example.net',
  });
  const mail = {
    name: 'night',
    host: 'mail.example.net',
    port: 465,
    security: 'tls',
    from: 'fleet@example.net',
    to: ['a@example.net', 'b@example.net'],
  };
  expect(channelTyped(given)).toEqual({ kind: 'email', ...mail });
  expect(channelChange({ kind: 'email' }, given)).toEqual({ ...mail, username: null });
  expect(channelChange({ kind: 'webhook' }, new URLSearchParams({ name: 'ops', url: '' }))).toEqual({
    name: 'ops',
  });
});

test('what is wrong with a field is said at the field, the rest below', () => {
  const problem = {
    type: '/reference/problems/unusable',
    title: 'Something in the request cannot be used',
    status: 422,
    problems: [
      { where: 'selector:3', says: 'opens a quote that is not closed', hint: 'Add a " at its end.' },
      { where: 'condition.bytes', says: 'must be a number' },
      { where: 'elsewhere', says: 'is odd' },
    ],
  };
  const shown = faultsShown(problem, new Set(['selector', 'bytes']), 'en');
  expect({ ...shown.faults }).toEqual({
    selector: 'opens a quote that is not closed. Add a " at its end.',
    bytes: 'must be a number',
  });
  expect(shown.problem.mend).toBe('elsewhere: is odd');
});
