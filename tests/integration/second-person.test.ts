import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { test } from 'vitest';
import type { Action, AuditEntry } from '../../src/api/contract.ts';
import { FLEETVISOR, type FleetCli, startFleetCli } from '../support/fleet-cli.ts';
import { asker, newToken, somebody } from '../support/people.ts';
import { run, startSupervisor } from '../support/supervisors.ts';
import { twoEnvironments } from '../support/two-environments.ts';
import { until } from '../support/until.ts';

const PROD = { protectedEnvironments: [{ environment: 'prod', asks: 'second-person' }] };
const stop = { verb: 'stop', selector: 'web:*' };
const typeOf = ({ body }: { body: { type: string } }) => body.type.split('/').at(-1);

test('in an environment that takes a second person, only another who may do all of it lets an action begin', async (t) => {
  const hub = await twoEnvironments(t);
  t.expect((await hub.ask('PATCH', '/settings', PROD)).body).toEqual({ ...PROD, approvalMinutes: 15 });
  const ann = await somebody(hub, 'ann', { role: 'operator', scope: '*' });
  const bob = await somebody(hub, 'bob', { role: 'operator', scope: 'web:*' });
  const sam = await somebody(
    hub,
    'sam',
    { role: 'operator', scope: 'env=stage/*' },
    { role: 'viewer', scope: '*' },
  );
  t.expect((await ann.ask('POST', '/plans', stop)).body.secondPerson).toEqual(['prod']);
  const asked = await ann.ask('POST', '/actions', stop);
  t.expect([asked.status, asked.body.approval.state, asked.body.targets.length]).toEqual([202, 'waiting', 2]);
  const path = `/actions/${asked.body.id}`;
  const approve = `${path}/approve`;
  t.expect(typeOf(await ann.ask('POST', approve))).toBe('own-request');
  const token = await newToken(hub, 'ann', ann.password);
  const byToken = asker(hub, { authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  t.expect(typeOf(await byToken('POST', approve, {}))).toBe('own-request');
  t.expect(typeOf(await sam.ask('POST', approve))).toBe('not-allowed');
  t.expect((await sam.ask('GET', path)).body.approval.environments).toEqual(['prod']);
  const running = async () =>
    (await hub.ask('GET', '/processes?selector=web:*')).body.map(({ state }: never) => state);
  t.expect(await running()).toEqual(['RUNNING', 'RUNNING']);
  t.expect((await bob.ask('POST', approve)).body.approval).toMatchObject({ state: 'approved', by: 'bob' });
  await until('it is done', async () => (await ann.ask('GET', path)).body.finishedAtMs !== null);
  t.expect(await running()).toEqual(['STOPPED', 'STOPPED']);
  t.expect(typeOf(await bob.ask('POST', approve))).toBe('not-waiting');
  const { rows } = (await hub.ask('GET', '/audit?text=approve')).body;
  t.expect(rows.map(({ actor, kind, outcome }: AuditEntry) => [actor, kind, outcome])).toEqual([
    ['bob', 'ended', '409 not-waiting'],
    ['bob', 'begun', ''],
    ['bob', 'ended', '200 done'],
    ['bob', 'begun', ''],
    ['sam', 'ended', '403 not-allowed'],
    ['sam', 'begun', ''],
    ['ann', 'ended', '403 own-request'],
    ['ann', 'begun', ''],
    ['ann', 'ended', '403 own-request'],
    ['ann', 'begun', ''],
  ]);
  t.expect(rows[2].after).toContain('"askedBy":"ann"');
});

test('a second person declines with a reason that the asker reads', async (t) => {
  const hub = await twoEnvironments(t);
  await hub.ask('PATCH', '/settings', PROD);
  const ann = await somebody(hub, 'ann', { role: 'operator', scope: '*' });
  const { body: action } = await ann.ask('POST', '/actions', stop);
  const declined = await hub.ask('POST', `/actions/${action.id}/decline`, { reason: 'not before six' });
  t.expect(declined.status).toBe(200);
  const told = await until('its end', async () => {
    const { body } = await ann.ask('GET', `/actions/${action.id}`);
    return body.finishedAtMs === null ? undefined : (body as Action);
  });
  t.expect(told.approval).toMatchObject({ state: 'declined', by: 'admin', says: 'not before six' });
  t.expect(told.targets.map(({ outcome }) => outcome.kind)).toEqual(['cancelled', 'cancelled']);
});

test('the command says that an action waits, approves and declines by another login, and with --wait waits', async (t) => {
  const cli = await startFleetCli(t);
  const config =
    '[program:web]\ncommand=/bin/sleep 1000\nstartsecs=0\n[program:db]\ncommand=/bin/sleep 1000\n';
  const supervisor = await startSupervisor(t, 'supervisord', { config });
  await cli.fleetvisor('hosts', 'add', 'p1', `unix://${supervisor.socketPath}`, '--env', 'prod');
  await until('it runs', async () => /RUNNING.*RUNNING/s.test((await cli.fleetvisor('status')).out));
  const db = new Sqlite(join(cli.dir, 'data/fleetvisor.db'));
  db.exec(`insert into settings values ('protected_env', '${JSON.stringify(PROD.protectedEnvironments)}')`);
  db.close();
  const eve = await another(cli, 'eve');
  const asked = await cli.fleetvisor('stop', 'p1/web');
  t.expect([asked.code, asked.out, asked.err]).toEqual([
    13,
    t.expect.stringContaining('Nothing of it begins before a second person approves: prod.'),
    t.expect.stringMatching(/waits for a second person \(prod is protected\), for 1[45] min/),
  ]);
  const [, id = ''] = /actions approve (a_\S+)/.exec(asked.err) ?? [];
  t.expect((await cli.fleetvisor('actions', 'approve', id, '--yes')).err).toContain(
    'cannot be the second person',
  );
  t.expect((await cli.fleetvisor('actions')).out).toContain('waits for a second person');
  t.expect((await eve('actions', 'approve', id)).code).toBe(11);
  t.expect((await eve('actions', 'approve', id, '--yes')).out).toBe(
    'stop p1/web by admin is approved by eve.\n',
  );
  const waiting = cli.fleetvisor('stop', 'p1/db', '--wait');
  const second = await until('the second', async () => {
    const list: Action[] = JSON.parse((await eve('actions', '--json')).out);
    return list.find(({ approval, finishedAtMs }) => approval?.state === 'waiting' && finishedAtMs === null);
  });
  await eve('actions', 'decline', second.id, '--reason', 'no');
  const { code, out } = await waiting;
  t.expect([code, out]).toEqual([1, t.expect.stringContaining('declined by eve: no')]);
});

/** The command as somebody else who may do everything. */
async function another(cli: FleetCli, name: string): Promise<FleetCli['fleetvisor']> {
  const added = JSON.parse((await cli.fleetvisor('users', 'add', name, '--grant', 'admin', '--json')).out);
  const env = { ...cli.env, XDG_CONFIG_HOME: join(cli.dir, name) };
  const login = ['login', cli.hub, '--user', name, '--password-stdin'];
  await run([...FLEETVISOR, ...login], { cwd: cli.dir, env, input: `${added.password}\n` });
  return (...words) => run([...FLEETVISOR, ...words], { cwd: cli.dir, env });
}
