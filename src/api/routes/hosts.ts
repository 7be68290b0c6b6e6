import { z } from 'zod';
import { changedHost } from '../../control/change-host.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { hostFrom, type RegisterPorts } from '../../control/register-host.ts';
import type { Roster } from '../../control/roster.ts';
import { seenHosts } from '../../control/seen-fleet.ts';
import type { Host, HostView } from '../../fleet/host.ts';
import type { Credentials } from '../../store/credentials.ts';
import { hostView } from '../fleet-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import * as schemas from '../schemas.ts';
import { jsonList, sendLarge } from '../send-large.ts';
import type { LineStreamPorts } from '../stream-lines.ts';
import { alreadyKnown, etagOf, mustBeCurrent } from '../versions.ts';
import { usable } from './fleet.ts';

export interface HostPorts extends LineStreamPorts {
  readonly fleet: FleetState;
  readonly roster: Roster;
  readonly register: RegisterPorts;
}

export function hostRoutes(ports: HostPorts): Route[] {
  const { fleet, roster, register } = ports;
  return [
    guardedRoute({
      method: 'get',
      path: '/hosts',
      right: 'see-fleet',
      says: 'Lists the hosts.',
      answers: { 200: z.array(hostView) },
      run(call) {
        if (alreadyKnown(call, fleet)) return;
        return sendLarge(call, jsonList(seenHosts(call.visitor.person, fleet)), ports);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/hosts/:id',
      right: 'see-fleet',
      says: 'Gives one host, by id or name.',
      more: 'Its `etag` is of what was written about it, not of what is live: send it as `if-match` with a change.',
      answers: { 200: hostView },
      run(call) {
        const hosts = seenHosts(call.visitor.person, fleet);
        const host = hosts.find(({ id, name }) => id === call.req.params.id || name === call.req.params.id);
        if (host === undefined) throw new ApiProblem('not-found');
        sendHost(call, host, register);
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/hosts',
      right: 'manage-hosts',
      says: 'Adds a supervisord; agents add themselves, with a join token.',
      body: schemas.newHost,
      answers: { 201: hostView },
      problems: ['unusable'],
      async run({ res, body: wish }) {
        const { host, authority } = usable(await hostFrom(wish, register));
        roster.add(host, credentialsIn(wish) ?? null, authority);
        res.status(201).json(fleet.host(host.id));
      },
    }),
    guardedRoute({
      method: 'patch',
      path: '/hosts/:id',
      right: 'manage-hosts',
      says: 'Changes a host; what is left out stays.',
      more: 'Another scheme, host or port drops the credentials and the trust given for the old one.',
      body: schemas.hostPatch,
      headers: ['if-match'],
      answers: { 200: hostView },
      problems: ['unusable'],
      run: (call) => change(call, ports),
    }),
    guardedRoute({
      method: 'delete',
      path: '/hosts/:id',
      right: 'manage-hosts',
      says: 'Removes a host; for ten minutes it can be restored.',
      answers: { 204: 'nothing' },
      async run({ req, res }) {
        if (!(await roster.remove(String(req.params.id)))) throw new ApiProblem('not-found');
        res.status(204).end();
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/hosts/:id/restore',
      right: 'manage-hosts',
      says: 'Brings back a host that was removed lately.',
      answers: { 200: hostView },
      problems: ['unusable'],
      run: (call) => restore(call, ports),
    }),
    guardedRoute({
      method: 'post',
      path: '/hosts/:id/revoke',
      right: 'manage-hosts',
      says: 'Takes an agent’s key away at once.',
      answers: { 200: hostView },
      problems: ['unusable'],
      run(call) {
        const host = asked(call, register);
        if (host.kind !== 'agent')
          throw new ApiProblem('unusable', { detail: 'a supervisord has no key: disable or remove it' });
        roster.revoke(host.id);
        call.res.json(fleet.host(host.id));
      },
    }),
  ];
}

async function change(
  call: Call<undefined, z.output<typeof schemas.hostPatch>>,
  { fleet, roster, register }: HostPorts,
): Promise<void> {
  const host = asked(call, register);
  mustBeCurrent(call, host);
  const { username, password, maintenance, ...wish } = call.body;
  if (username === undefined && password !== undefined)
    throw new ApiProblem('unusable', {
      problems: [{ where: 'password', says: 'is of no use without a username' }],
    });
  const by = call.visitor.person.name;
  const changed = await changedHost(
    host,
    {
      ...wish,
      credentials: username === null ? null : credentialsIn({ username, password }),
      maintenance: maintenance == null ? maintenance : { ...maintenance, by },
    },
    register,
  );
  const { host: next, secrets } = usable(changed);
  await roster.update(next, secrets);
  sendHost(call, fleet.host(host.id), register);
}

/**
 * The answer with the version of what was written about the host. Never 304: the live part is of another moment.
 */
function sendHost({ req, res }: Call, host: HostView | null, { hosts }: Pick<RegisterPorts, 'hosts'>): void {
  delete req.headers['if-none-match'];
  res.set('etag', etagOf(hosts.byId(host?.id ?? ''))).json(host);
}

function restore({ req, res }: Call, { fleet, roster, register }: HostPorts): void {
  const id = String(req.params.id);
  const removed = register.hosts.removedById(id);
  if (removed === null)
    throw new ApiProblem('not-found', { detail: 'no host was removed under this id lately' });
  if (register.hosts.byName(removed.name) !== null)
    throw new ApiProblem('unusable', {
      problems: [
        { where: 'name', says: `${removed.name} was given to another host`, hint: 'Rename that one first.' },
      ],
    });
  roster.restore(id);
  res.json(fleet.host(id));
}

/** The registered host an address of the API names. */
export function asked({ req }: Call, { hosts }: Pick<RegisterPorts, 'hosts'>): Host {
  const host = hosts.byId(String(req.params.id));
  if (host === null) throw new ApiProblem('not-found');
  return host;
}

/** Undefined when none are given: an empty user name is none. */
export function credentialsIn(wish: {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}): Credentials | undefined {
  return wish.username ? { username: wish.username, password: wish.password ?? '' } : undefined;
}
