import type { AlertChannelView, AlertRule, NewAlertRule } from '../../api/contract.ts';
import {
  CONDITION_OPTIONS,
  conditionFrom,
  conditionText,
  RULE_OPTIONS,
  ruleFrom,
} from '../alert-rule-options.ts';
import { spanText } from '../durations.ts';
import { CliFailure } from '../failure.ts';
import type { HubApi } from '../hub-api.ts';
import { namedOne } from '../named-one.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type FleetVerb, type Given, listOption, textOption } from '../verb.ts';

/** By what alerts open. */
export const alertsRules: FleetVerb = {
  name: 'alerts rules',
  words: '',
  summary: 'list the rules by which alerts open, and who is told',
  examples: ['fleetvisor alerts rules'],
  options: [],
  completes: 'none',
  async run(_words, _given, { io, output, hub }) {
    const api = hub();
    const rules = await api.get<readonly AlertRule[]>('/alert-rules');
    if (output === 'json') io.json(rules);
    else {
      const channels = await api.get<readonly AlertChannelView[]>('/alert-channels');
      const names = new Map(channels.map(({ id, name }) => [id, name]));
      for (const line of table(rules.map((rule) => rowOf(rule, names)))) io.line(line);
      if (rules.length === 0) io.note('No rule, so no alert opens.');
    }
    return 'done';
  },
};

function rowOf(rule: AlertRule, names: ReadonlyMap<string, string>) {
  const { name, enabled, condition, selector, severity, forSeconds, clearSeconds, repeatMinutes } = rule;
  const told = rule.channels === 'all' ? 'all' : rule.channels.map((id) => names.get(id) ?? id).join(', ');
  const after = forSeconds === 0 ? '' : ` for ${spanText(forSeconds * 1_000)}`;
  const again = repeatMinutes === 0 ? '' : `, again every ${spanText(repeatMinutes * 60_000)}`;
  return [
    { text: oneLine(name) },
    { text: enabled ? severity : 'disabled' },
    { text: `${conditionText(condition)}${after}` },
    { text: `on ${oneLine(selector)}` },
    { text: `closes after ${spanText(clearSeconds * 1_000)}` },
    { text: oneLine(`tells ${told || 'nobody'}${again}`) },
  ];
}

export const alertsAddRule: FleetVerb = {
  name: 'alerts add-rule',
  words: '<NAME>',
  summary: 'add a rule: what it looks for, on what, for how long, and who is told',
  examples: [
    "fleetvisor alerts add-rule 'API memory' --when memory --over 2GB --on 'env=prod/api:*' --for 5m",
    'fleetvisor alerts add-rule crashes --when exited --severity critical --channel pager --repeat 1h',
  ],
  options: [...CONDITION_OPTIONS, ...RULE_OPTIONS],
  completes: 'none',
  async run([name = ''], given, { io, output, hub }) {
    const condition = conditionFrom(given);
    if (condition === null)
      throw new CliFailure('usage', 'what does the rule look for?', 'Give --when, as in --when fatal.');
    const api = hub();
    const wish = { name, condition, ...ruleFrom(given, await channelsFrom(given, api)) };
    const rule = await api.post<AlertRule>('/alert-rules', wish);
    if (output === 'json') io.json(rule);
    else io.line(`The rule ${oneLine(rule.name)} counts from now on.`);
    return 'done';
  },
};

export const alertsEditRule: FleetVerb = {
  name: 'alerts edit-rule',
  words: '<NAME>',
  summary: 'change a rule, or disable or enable it; what is not given stays',
  examples: [
    "fleetvisor alerts edit-rule 'A host is unreachable' --for 5m --repeat 30m",
    "fleetvisor alerts edit-rule 'A process flaps' --disable",
  ],
  options: [
    ['--rename <name>', 'its new name'],
    ...CONDITION_OPTIONS,
    ...RULE_OPTIONS,
    ['--disable', 'open nothing by it, and close what is open'],
    ['--enable', 'let it count again'],
  ],
  completes: 'rules',
  async run([name = ''], given, { io, output, hub }) {
    const api = hub();
    const { id } = await namedRule(api, name);
    const newName = textOption(given, 'rename');
    const patch = {
      ...(newName === undefined ? {} : { name: newName }),
      ...ruleFrom(given, await channelsFrom(given, api)),
      ...(given.disable === true ? { enabled: false } : given.enable === true ? { enabled: true } : {}),
    };
    if (Object.keys(patch).length === 0)
      throw new CliFailure('usage', 'nothing is to be changed', 'See: fleetvisor alerts edit-rule --help');
    const rule = await api.patch<AlertRule>(`/alert-rules/${encodeURIComponent(id)}`, patch);
    if (output === 'json') io.json(rule);
    else io.line(`The rule ${oneLine(rule.name)} is ${rule.enabled ? 'changed' : 'disabled'}.`);
    return 'done';
  },
};

export const alertsRemoveRule: FleetVerb = {
  name: 'alerts remove-rule',
  words: '<NAME>',
  summary: 'remove a rule; its open alerts close',
  examples: ["fleetvisor alerts remove-rule 'API memory'"],
  options: [],
  completes: 'rules',
  async run([name = ''], _given, { io, output, hub }) {
    const api = hub();
    const rule = await namedRule(api, name);
    await api.delete(`/alert-rules/${encodeURIComponent(rule.id)}`);
    if (output === 'json') io.json({ removed: rule.id });
    else io.line(`The rule ${oneLine(rule.name)} is removed.`);
    return 'done';
  },
};

async function namedRule(api: HubApi, name: string): Promise<AlertRule> {
  const rules = await api.get<readonly AlertRule[]>('/alert-rules');
  return namedOne(rules, name, { what: 'rule', see: 'fleetvisor alerts rules' });
}

/** Ids of the channels that were named; undefined: none were. */
async function channelsFrom(given: Given, api: HubApi): Promise<NewAlertRule['channels']> {
  const names = listOption(given, 'channel');
  if (names.length === 0) return undefined;
  if (names.length === 1 && names[0] === 'all') return 'all';
  if (names.length === 1 && names[0] === 'none') return [];
  const channels = await api.get<readonly AlertChannelView[]>('/alert-channels');
  return names.map(
    (name) => namedOne(channels, name, { what: 'channel', see: 'fleetvisor alerts channels' }).id,
  );
}
