import { z } from 'zod';
import type { Alerting } from '../../alerts/alerting.ts';
import type { Clock } from '../../clock.ts';
import { nameTaken } from '../../control/register-host.ts';
import type { AlertRule } from '../../fleet/alert.ts';
import type { Problem } from '../../fleet/problem.ts';
import { parseSelector } from '../../fleet/selector.ts';
import type { AlertChannels } from '../../store/alert-channels.ts';
import type { AlertRules } from '../../store/alert-rules.ts';
import { randomId } from '../../store/secret.ts';
import * as schemas from '../alert-schemas.ts';
import { alertRule } from '../alert-shapes.ts';
import { note } from '../audited.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { etagOf, mustBeCurrent } from '../versions.ts';

export interface AlertRulePorts {
  readonly alertRules: AlertRules;
  readonly alertChannels: AlertChannels;
  readonly alerting: Alerting;
  readonly clock: Clock;
}

const MOST = 200;

/** By what alerts open, and who is told. */
export function alertRuleRoutes(ports: AlertRulePorts): Route[] {
  const { alertRules: rules, alerting } = ports;
  return [
    guardedRoute({
      method: 'get',
      path: '/alert-rules',
      right: 'manage-hosts',
      says: 'Lists the rules by which alerts open, by name.',
      answers: { 200: z.array(alertRule) },
      run: ({ res }) => void res.json(rules.all()),
    }),
    guardedRoute({
      method: 'get',
      path: '/alert-rules/:id',
      right: 'manage-hosts',
      says: 'Gives one rule; send its `etag` as `if-match` with a change.',
      answers: { 200: alertRule },
      run: (call) => send(call, asked(call, ports)),
    }),
    guardedRoute({
      method: 'post',
      path: '/alert-rules',
      right: 'manage-hosts',
      says: 'Adds a rule; what is so already counts from now on.',
      body: schemas.newRule,
      answers: { 201: alertRule },
      problems: ['unusable'],
      run(call) {
        if (rules.all().length >= MOST)
          throw unusable([
            { where: 'name', says: `there are ${MOST} rules already`, hint: 'Remove one first.' },
          ]);
        const rule = { id: randomId('ar'), ...call.body };
        mustBeUsable(rule, ports);
        rules.add(rule, ports.clock.wallMs());
        alerting.rulesChanged();
        note(call.req, { target: rule.name, after: rule });
        send(call, rule, 201);
      },
    }),
    guardedRoute({
      method: 'patch',
      path: '/alert-rules/:id',
      right: 'manage-hosts',
      says: 'Changes a rule; what is left out stays.',
      more: 'Open alerts that the rule would not open any more close.',
      body: schemas.rulePatch,
      headers: ['if-match'],
      answers: { 200: alertRule },
      problems: ['unusable'],
      run(call) {
        const before = asked(call, ports);
        mustBeCurrent(call, before);
        const given = Object.entries(call.body).filter(([, value]) => value !== undefined);
        const after: AlertRule = { ...before, ...Object.fromEntries(given) };
        mustBeUsable(after, ports);
        rules.change(after);
        alerting.rulesChanged();
        note(call.req, { target: after.name, before, after });
        send(call, after);
      },
    }),
    guardedRoute({
      method: 'delete',
      path: '/alert-rules/:id',
      right: 'manage-hosts',
      says: 'Removes a rule; its open alerts close.',
      headers: ['if-match'],
      answers: { 204: 'nothing' },
      run(call) {
        const before = asked(call, ports);
        mustBeCurrent(call, before);
        rules.remove(before.id);
        alerting.rulesChanged();
        note(call.req, { target: before.name, before });
        call.res.status(204).end();
      },
    }),
  ];
}

/** With its version. Never 304: whoever asks is about to change it. */
function send({ req, res }: Call, rule: AlertRule, status = 200): void {
  delete req.headers['if-none-match'];
  res.status(status).set('etag', etagOf(rule)).json(rule);
}

function asked({ req }: Call, { alertRules }: AlertRulePorts): AlertRule {
  const rule = alertRules.byId(String(req.params.id));
  if (rule === null) throw new ApiProblem('not-found');
  return rule;
}

function mustBeUsable(
  { id: ownId, name, selector, channels }: AlertRule,
  { alertRules, alertChannels }: AlertRulePorts,
): void {
  const parsed = parseSelector(selector);
  const strangers = channels === 'all' ? [] : channels.filter((id) => alertChannels.byId(id) === null);
  const problems: Problem[] = parsed.ok ? [] : [...parsed.problems];
  for (const id of strangers)
    problems.push({
      where: 'channels',
      says: `${id} is no channel`,
      hint: 'Give the id of one that is there.',
    });
  const isTaken = alertRules
    .all()
    .some((one) => one.id !== ownId && one.name.toLowerCase() === name.toLowerCase());
  if (isTaken) problems.push(nameTaken(name));
  if (problems.length > 0) throw unusable(problems);
}

const unusable = (problems: readonly Problem[]): ApiProblem => new ApiProblem('unusable', { problems });
