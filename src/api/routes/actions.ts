import { z } from 'zod';
import { mayI, RIGHT_OF_VERB } from '../../accounts/rights.ts';
import type { ActionRunner, ReadAction } from '../../control/action-runner.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { withDiffs } from '../../control/group-diff.ts';
import { planAsked, usableAsked } from '../../control/plan-asked.ts';
import { approvalMinutes } from '../../control/protection.ts';
import type { Roster } from '../../control/roster.ts';
import { seenAction, seesAction } from '../../control/seen-fleet.ts';
import type { Action, Approval, Plan, Verb } from '../../fleet/action.ts';
import type { OnceKey } from '../../store/actions.ts';
import { randomId, secretHash } from '../../store/secret.ts';
import type { Settings } from '../../store/settings.ts';
import * as shapes from '../action-shapes.ts';
import { note } from '../audited.ts';
import { linkNext, PAGES } from '../paged.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import * as schemas from '../schemas.ts';
import { jsonListOf, jsonObject, sendLarge } from '../send-large.ts';
import { type StreamPorts, streamAction } from '../stream-action.ts';
import { approvalRoutes } from './approvals.ts';
import { askedAction, idOf, jsonAction, mustBeAllowedAll, sendAsked } from './asked-action.ts';
import { usable } from './fleet.ts';

export interface ActionPorts extends StreamPorts {
  readonly fleet: FleetState;
  readonly settings: Settings;
  readonly actions: ActionRunner;
  readonly roster: Roster;
}

/** As many targets as may be named one by one, with long names. */
const NAMES_OF_MANY = '6mb';
const MOST_LISTED = 100;
const LOOKED_AT_ONCE = 100;
const MOST_LOOKED_AT = 2_000;

export function actionRoutes(ports: ActionPorts): Route[] {
  const { actions } = ports;
  return [
    guardedRoute({
      method: 'post',
      path: '/plans',
      right: 'see-fleet',
      changes: 'nothing',
      says: 'Tells what an action would touch and what it would leave alone; changes nothing.',
      body: schemas.actionRequest,
      mostBody: NAMES_OF_MANY,
      answers: { 200: shapes.plan },
      problems: ['unusable'],
      async run(call) {
        const request = usableRequest(call.body);
        // Hosts are asked to read their configuration: not for somebody who may only look.
        if (request.verb === 'update') mustBeAllowed(request.verb, call);
        const planned = await planFor(request, call, ports);
        const told = request.verb === 'update' ? await withDiffs(planned, diffPorts(ports)) : planned;
        await sendLarge(call, jsonObject({ ...told }), ports);
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/actions',
      right: 'act',
      says: 'Begins an action over everything its selector names.',
      more: 'The same idempotency key from the same person gives the same action, with 200.',
      body: schemas.actionRequest,
      mostBody: NAMES_OF_MANY,
      headers: ['idempotency-key'],
      answers: { 200: shapes.action, 202: shapes.action },
      problems: ['unusable', 'key-used', 'not-confirmed'],
      run: (call) => begin(call, usableRequest(call.body), ports),
    }),
    guardedRoute({
      method: 'get',
      path: '/actions',
      right: 'see-fleet',
      says: 'Lists actions, newest first, a page at a time.',
      more: PAGES,
      query: schemas.actionsQuery,
      answers: { 200: z.array(shapes.action) },
      problems: ['unusable'],
      run: (call) => list(call, call.query, ports),
    }),
    guardedRoute({
      method: 'get',
      path: '/actions/:id',
      right: 'see-fleet',
      says: 'Gives one action with the outcome of each target.',
      answers: { 200: shapes.action },
      run: (call) => sendAsked(ports, call),
    }),
    guardedRoute({
      method: 'post',
      path: '/actions/:id/cancel',
      right: 'act',
      says: 'Ends an action: what is not begun is left alone.',
      answers: { 200: shapes.action },
      run(call) {
        mustBeAllowedAll(ports, call);
        actions.cancel(idOf(call), call.visitor.person.name);
        return sendAsked(ports, call);
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/actions/:id/resume',
      right: 'act',
      says: 'Goes on with an action that asks, or that was stopped by failures.',
      answers: { 200: shapes.action },
      run(call) {
        mustBeAllowedAll(ports, call);
        actions.goOn(idOf(call));
        return sendAsked(ports, call);
      },
    }),
    ...approvalRoutes(ports),
    guardedRoute({
      method: 'get',
      path: '/actions/:id/events',
      right: 'see-fleet',
      says: 'Follows one action as server-sent events, each the whole action, to the finished one.',
      answers: { 200: { stream: 'text/event-stream', each: shapes.action } },
      run: (call) => streamAction(askedAction(ports, call), call, ports),
    }),
  ];
}

/** Looks further back until the page is full: actions one may not see take no place in it. */
async function list(
  call: Call,
  { limit = MOST_LISTED, after }: z.output<typeof schemas.actionsQuery>,
  ports: ActionPorts,
): Promise<void> {
  const { actions, fleet, clock } = ports;
  const { person } = call.visitor;
  let last = after === undefined ? null : (actions.read(after)?.head ?? null);
  if (after !== undefined && last === null)
    throw new ApiProblem('unusable', { problems: [{ where: 'after', says: `${after} is no action` }] });
  const seen: ReadAction[] = [];
  for (let looked = 0; looked < MOST_LOOKED_AT && seen.length <= limit; looked += LOOKED_AT_ONCE) {
    const some = actions.older(last, LOOKED_AT_ONCE);
    seen.push(...some.filter(({ head, targets }) => seesAction(person, head, targets, fleet)));
    last = some.at(-1)?.head ?? null;
    if (some.length < LOOKED_AT_ONCE) break;
    await new Promise<void>((done) => void clock.after(0, done));
  }
  const page = seen.slice(0, limit);
  const end = page.at(-1);
  if (end !== undefined && seen.length > limit) linkNext(call, end.head.id);
  const pieces = jsonListOf(page, (action) => jsonAction(person, action, fleet));
  await sendLarge(call, pieces, ports);
}

async function begin(call: Call, request: ReadRequest, ports: ActionPorts): Promise<void> {
  mustBeAllowed(request.verb, call);
  const once = onceKey(call, request);
  const known = knownBy(once, call, ports);
  const { action, isNew } = known ?? (await runConfirmed(request, call, ports, once));
  const what = `${request.verb} ${request.selector}`;
  note(call.req, { target: what, after: { action: action.id, targets: action.targets.length } });
  call.res.status(isNew ? 202 : 200).location(`${call.req.baseUrl}/actions/${action.id}`);
  const seen = seenAction(call.visitor.person, action, ports.fleet) ?? { ...action, targets: [] };
  return sendLarge(call, jsonObject({ ...seen }), ports);
}

interface Begun {
  readonly action: Action;
  readonly isNew: boolean;
}

function knownBy(once: OnceKey | null, { visitor }: Call, { actions }: ActionPorts): Begun | null {
  const known = once === null ? null : actions.byKey(visitor.person.name, once.key);
  if (known === null) return null;
  if (known.requestHash !== once?.requestHash) throw new ApiProblem('key-used');
  return { action: known.action, isNew: false };
}

async function runConfirmed(
  request: ReadRequest,
  call: Call,
  ports: ActionPorts,
  once: OnceKey | null,
): Promise<Begun> {
  const planned = await confirmed(request, call, ports);
  // The same key may have come while this was planned.
  const twin = knownBy(once, call, ports);
  if (twin !== null) return twin;
  const approval = approvalFor(planned, ports);
  const more = approval === null ? {} : { approval };
  return { action: ports.actions.run(planned, call.visitor.person.name, once, more), isNew: true };
}

/** What a plan waits for before it is begun; null: nothing. */
function approvalFor({ secondPerson, targets }: Plan, { settings, clock }: ActionPorts): Approval | null {
  if (secondPerson === undefined || targets.length === 0) return null;
  const expiresAtMs = clock.wallMs() + approvalMinutes(settings) * 60_000;
  return { state: 'waiting', environments: secondPerson, expiresAtMs };
}

async function confirmed(request: ReadRequest, call: Call, ports: ActionPorts): Promise<Plan> {
  const planned = await planFor(request, call, ports);
  if (planned.confirm === undefined || planned.confirm === request.confirm) return planned;
  const says = `this touches ${planned.confirm}, which is protected`;
  const hint = `Type ${planned.confirm} to go ahead, and send it as "confirm".`;
  throw new ApiProblem('not-confirmed', { problems: [{ where: 'confirm', says, hint }] });
}

type ReadRequest = ReturnType<typeof usableRequest>;

const usableRequest = (asked: z.output<typeof schemas.actionRequest>) => usable(usableAsked(asked));

/** `Idempotency-Key`: the same key from the same person is the same action. */
function onceKey({ req }: Call, request: ReadRequest): OnceKey | null {
  const key = req.get('idempotency-key');
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    const says = 'is 1 to 200 visible ASCII characters';
    throw new ApiProblem('bad-request', { problems: [{ where: 'idempotency-key', says }] });
  }
  return { key, requestHash: secretHash(JSON.stringify(request)) };
}

function mustBeAllowed(verb: Verb, { visitor }: Call): void {
  if (!mayI(visitor.person, RIGHT_OF_VERB[verb])) throw new ApiProblem('not-allowed');
}

const planFor = async (request: ReadRequest, { visitor }: Call, ports: ActionPorts): Promise<Plan> =>
  usable(await planAsked(request, visitor.person, ports));

function diffPorts({ clock, roster }: ActionPorts) {
  return { clock, link: (hostId: string) => roster.link(hostId), newId: () => randomId('d') };
}
