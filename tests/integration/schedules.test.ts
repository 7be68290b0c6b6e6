import { describe, test } from 'vitest';
import type { ScheduleRun, ScheduleView } from '../../src/api/contract.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { TestHub } from '../support/hub.ts';
import { startKillableHub } from '../support/killable-hub.ts';
import { asker, newToken, somebody } from '../support/people.ts';
import { runCliHere } from '../support/run-cli.ts';
import { startSupervisor } from '../support/supervisors.ts';
import { twoEnvironments } from '../support/two-environments.ts';
import { until } from '../support/until.ts';

const MINUTE_MS = 60_000;
const EVERYWHERE = { role: 'operator', scope: '*' } as const;
const restart = { verb: 'restart', selector: 'web:*', pace: { mode: 'rolling' } };
const hourly = { cron: '@hourly', action: restart };

const runsOf = async (hub: Pick<TestHub, 'ask'>, { id }: ScheduleView): Promise<readonly ScheduleRun[]> =>
  (await hub.ask('GET', `/schedules/${id}/runs`)).body.runs;
const ended = (hub: Pick<TestHub, 'ask'>, schedule: ScheduleView): Promise<ScheduleRun> =>
  until('the end of its last run', async () => {
    const [last] = await runsOf(hub, schedule);
    return last === undefined || last.endedAtMs === null ? undefined : last;
  });
const typeOf = ({ body }: { body: { type: string } }) => body.type.split('/').at(-1);
const pids = async (hub: TestHub): Promise<Record<string, number>> => {
  const { hosts, processes } = (await hub.ask('GET', '/fleet')).body;
  const nameOf = (id: string) => hosts.find((host: { id: string }) => host.id === id).name;
  return Object.fromEntries(
    processes.map(({ hostId, name, pid }: { hostId: string; name: string; pid: number }) => [
      `${nameOf(hostId)}/${name}`,
      pid,
    ]),
  );
};

describe.concurrent('schedules', () => {
  test('a schedule runs on time over real supervisors, in its owner’s rights, as an action that says so', async (t) => {
    let aheadMs = 0;
    const clock: Clock = { ...systemClock, wallMs: () => systemClock.wallMs() + aheadMs };
    const hub = await twoEnvironments(t, { clock });
    const ann = await somebody(hub, 'ann', { role: 'operator', scope: 'env=stage/*' });
    const token = await newToken(hub, 'ann', ann.password);
    const env = { FLEETVISOR_HUB: hub.hub.address, FLEETVISOR_TOKEN: token };
    const cli = (...words: string[]) => runCliHere(words, env);
    const add = ['schedules', 'add', 'Nightly Web', 'restart', 'web:*', '--cron', '* * * * *', '--rolling'];
    const dry = await cli(...add, '--zone', 'Asia/Kolkata', '--dry-run');
    t.expect(dry.out).toContain('Asia/Kolkata)');
    t.expect(dry.out).toContain('Will restart 1 process on 1 host, rolling in 1 batch');
    t.expect((await ann.ask('GET', '/schedules')).body).toEqual([]);
    const before = await pids(hub);
    // Far from the next minute while it is added, then just past it.
    aheadMs = MINUTE_MS + 5_000 - (systemClock.wallMs() % MINUTE_MS);
    t.expect(await cli(...add)).toMatchObject({ code: 0 });
    aheadMs += 55_000;
    await hub.ask('POST', '/schedules', { name: 'other', ...hourly, enabled: false });
    const [schedule] = (await ann.ask('GET', '/schedules')).body as ScheduleView[];
    if (schedule === undefined) throw new Error('no schedule');
    t.expect(schedule).toMatchObject({ name: 'Nightly Web', owner: 'ann', enabled: true });
    const run = await ended(hub, schedule);
    t.expect(run).toMatchObject({ cause: 'due', state: 'done', why: null });
    t.expect(run.dueAtMs % MINUTE_MS).toBe(0);
    const { body: action } = await hub.ask('GET', `/actions/${run.actionId}`);
    t.expect(action).toMatchObject({ by: 'ann', schedule: 'Nightly Web', pace: { mode: 'rolling' } });
    const after = await pids(hub);
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    t.expect(changed).toEqual(['stage-1/web']);
    const { rows } = (await hub.ask('GET', '/audit?text=restart web')).body;
    t.expect(rows).toMatchObject([
      { kind: 'ended', actor: 'ann', way: 'schedule Nightly Web', outcome: 'done' },
      { kind: 'begun', actor: 'ann', way: 'schedule Nightly Web' },
    ]);
    t.expect((await cli('schedules', 'show', 'nightly web')).out).toMatch(/done +a_/);
    t.expect((await cli('actions')).out).toContain('by schedule Nightly Web (ann)');
    t.expect((await cli('schedules', 'pause', 'nightly web')).out).toBe('Nightly Web is paused.\n');
    t.expect((await cli('schedules', 'run', 'nightly web')).out).toContain('Nightly Web runs');
    t.expect(await ended(hub, schedule)).toMatchObject({ cause: 'hand', askedBy: 'ann', state: 'done' });
    t.expect((await cli('schedules')).out).toMatch(/restart web:\*, rolling .*paused .*done/);
    t.expect((await cli('schedules', 'edit', 'nightly web', '--rename', 'nights')).code).toBe(0);
    t.expect((await cli('schedules', 'remove', 'nights')).out).toBe('nights is removed.\n');
    t.expect((await cli('schedules', 'list')).out).not.toContain('nights');
    t.expect(hub.bugs).toEqual([]);
  });

  test('it walks round no protection, no rights, and no end of its owner', async (t) => {
    const hub = await twoEnvironments(t);
    const protect = (asks: string) =>
      hub.ask('PATCH', '/settings', { protectedEnvironments: [{ environment: 'prod', asks }] });
    await protect('typed');
    const ann = await somebody(hub, 'ann', EVERYWHERE);
    const sam = await somebody(
      hub,
      'sam',
      { role: 'operator', scope: 'env=stage/*' },
      { role: 'viewer', scope: '*' },
    );
    const wish = { name: 'n', ...hourly };
    t.expect(typeOf(await ann.ask('POST', '/schedules', wish))).toBe('not-confirmed');
    // Also where nothing is to be done at this moment.
    const start = { ...wish, action: { verb: 'start', selector: 'web:*' } };
    t.expect(typeOf(await ann.ask('POST', '/schedules', start))).toBe('not-confirmed');
    t.expect((await ann.ask('POST', '/schedules/preview', hourly)).body).toMatchObject({
      confirm: 'prod',
      refused: null,
      nextAtMs: { length: 5 },
    });
    const { status, body: made } = await ann.ask('POST', '/schedules', { ...wish, confirm: 'prod' });
    t.expect([status, made.confirmed, made.owner]).toEqual([201, ['prod'], 'ann']);
    const path = `/schedules/${made.id}`;
    // By hand it takes what every action by hand takes.
    t.expect(typeOf(await ann.ask('POST', `${path}/run`, {}))).toBe('not-confirmed');
    t.expect((await ann.ask('POST', `${path}/run`, { confirm: 'prod' })).status).toBe(202);
    t.expect(await ended(hub, made)).toMatchObject({ state: 'done' });

    t.expect((await sam.ask('GET', path)).body.mayChange).toBe(false);
    for (const [method, more, body] of [
      ['POST', '/pause', {}],
      ['POST', '/run', {}],
      ['PATCH', '', { cron: '@daily' }],
      ['DELETE', '', undefined],
    ] as const)
      t.expect(typeOf(await sam.ask(method, `${path}${more}`, body))).toBe('not-allowed');
    const other = await somebody(hub, 'oli', { role: 'operator', scope: 'db-1/*' });
    t.expect((await other.ask('GET', path)).status).toBe(404);
    t.expect((await other.ask('GET', '/schedules')).body).toEqual([]);

    const ends = { name: 'e', cron: '@weekly', action: { verb: 'shutdown', selector: 'env=prod' } };
    t.expect((await hub.ask('POST', '/schedules', ends)).body.problems[0].says).toBe(
      'a schedule of this takes the word prod shutdown',
    );
    t.expect(typeOf(await ann.ask('POST', '/schedules', { ...ends, confirm: 'prod shutdown' }))).toBe(
      'not-allowed',
    );
    await protect('second-person');
    const refused = await ann.ask('POST', '/schedules', { ...wish, name: 'm', confirm: 'prod' });
    t.expect([typeOf(refused), refused.body.problems[0].says]).toEqual([
      'unusable',
      'in prod a second person has to approve, which no schedule can wait for',
    ]);
    await ann.ask('POST', `${path}/run`, {});
    t.expect(await ended(hub, made)).toMatchObject({ state: 'failed', actionId: null });

    // A token narrowed to a part makes schedules that touch no more than that part.
    await hub.ask('PATCH', '/settings', { protectedEnvironments: [] });
    const narrow = { role: 'operator', scope: 'env=stage/*' };
    const token = await newToken(hub, 'ann', ann.password, narrow);
    const byToken = asker(hub, { authorization: `Bearer ${token}`, 'content-type': 'application/json' });
    t.expect(typeOf(await byToken('PATCH', path, { cron: '@daily' }))).toBe('not-allowed');
    const { body: narrowed } = await byToken('POST', '/schedules', { ...wish, name: 'narrow' });
    await byToken('POST', `/schedules/${narrowed.id}/run`, {});
    const run = await ended(hub, narrowed);
    const { body: action } = await hub.ask('GET', `/actions/${run.actionId}`);
    t.expect(action.targets.map(({ host }: { host: string }) => host)).toEqual(['stage-1']);

    await hub.ask('PATCH', `/users/${ann.id}`, { disabled: true });
    await hub.ask('POST', `${path}/run`, {});
    const stopped = (await hub.ask('GET', path)).body;
    t.expect(stopped).toMatchObject({ enabled: false, last: { state: 'failed' } });
    t.expect(stopped.stopped.says).toContain('ann, in whose rights it runs, is gone');
    t.expect(typeOf(await hub.ask('POST', `${path}/resume`, {}))).toBe('not-possible');
    t.expect((await hub.ask('PATCH', path, { missed: 'once' })).body).toMatchObject({ owner: 'admin' });
    t.expect((await hub.ask('POST', `${path}/resume`, {})).body).toMatchObject({
      enabled: true,
      stopped: null,
    });
    t.expect(hub.bugs).toEqual([]);
  });

  test('what is wrong is said all at once; a removed one comes back; two changes do not meet', async (t) => {
    const hub = await twoEnvironments(t);
    const wrong = await hub.ask('POST', '/schedules', {
      name: 'x',
      cron: 'at night',
      timeZone: 'Mars',
      action: { verb: 'restart', selector: 'web[' },
    });
    t.expect(wrong.body.problems.map(({ where }: { where: string }) => where)).toEqual([
      'timeZone',
      'selector:4',
    ]);
    const never = await hub.ask('POST', '/schedules', { name: 'x', ...hourly, cron: '0 0 30 2 *' });
    t.expect(never.body.problems[0].says).toBe('"0 0 30 2 *" never comes');
    const signal = { verb: 'signal', selector: 'web:*', signal: 'SIGHUP' };
    const { body: made } = await hub.ask('POST', '/schedules', { name: 'x', cron: '@daily', action: signal });
    t.expect(made).toMatchObject({ timeZone: 'UTC', action: { signal: 'HUP' }, missed: 'skip' });
    t.expect(made.nextAtMs % (24 * 60 * MINUTE_MS)).toBe(0);
    t.expect((await hub.ask('POST', '/schedules', { name: 'X', ...hourly })).body.problems[0].where).toBe(
      'name',
    );
    const path = `/schedules/${made.id}`;
    const headers = { cookie: hub.session.cookie, 'x-csrf-token': hub.session.csrf, 'if-match': '"older"' };
    t.expect((await hub.raw('DELETE', `/api/v1${path}`, headers)).status).toBe(412);
    t.expect((await hub.ask('DELETE', path)).status).toBe(204);
    t.expect((await hub.ask('GET', path)).status).toBe(404);
    t.expect((await hub.ask('POST', `${path}/restore`, {})).body).toMatchObject({ name: 'x', enabled: true });
    t.expect(hub.bugs).toEqual([]);
  });

  test('a killed hub goes on with a run, and does not begin it again', async (t) => {
    const [hub, supervisor] = await Promise.all([
      startKillableHub(t),
      startSupervisor(t, 'agent', {
        config:
          '[program:web]\ncommand=/bin/sleep 1000\nprocess_name=%(program_name)s_%(process_num)d\nnumprocs=2\nstartsecs=0\n',
      }),
    ]);
    await hub.ask('POST', '/hosts', { name: 'web-01', url: `unix://${supervisor.socketPath}` });
    await until('its processes', async () => (await hub.ask('GET', '/processes')).body.length === 2);
    const action = { verb: 'restart', selector: 'web:*', pace: { mode: 'rolling', pauseMs: 2_000 } };
    const { body: made } = await hub.ask('POST', '/schedules', { name: 'n', cron: '@hourly', action });
    const { body: run } = await hub.ask('POST', `/schedules/${made.id}/run`, {});
    await until('the pause between its batches', async () => {
      const { body } = await hub.ask('GET', `/actions/${run.actionId}`);
      return body.progress.phase === 'pausing';
    });
    await hub.kill();
    await hub.start();
    t.expect(await ended(hub, made)).toMatchObject({ state: 'done' });
    t.expect(await runsOf(hub, made)).toHaveLength(1);
    t.expect((await hub.ask('GET', '/actions')).body).toHaveLength(1);
  });
});
