import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import type { Action } from '../../src/fleet/action.ts';
import { hostsReady, joining, type KillableHub, startKillableHub } from '../support/killable-hub.ts';
import { type SupervisorKind, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const SLEEPER = (name: string, more = ''): string =>
  `[program:${name}]\ncommand=/bin/sleep 1000\nstartsecs=0\n${more}`;

interface Place {
  readonly hub: KillableHub;
  readonly host: TestSupervisor;
}

/** A hub with one host, called `one`. */
async function placeOf(t: TestContext, kind: SupervisorKind, config: string): Promise<Place> {
  const hub = await startKillableHub(t);
  const host = await startHost(t, hub, kind, 'one', config);
  await hostsReady(hub, 1);
  return { hub, host };
}

async function startHost(
  t: TestContext,
  hub: KillableHub,
  kind: SupervisorKind,
  name: string,
  config: string,
): Promise<TestSupervisor> {
  const more = kind === 'agent' ? await joining(hub, name) : '';
  const host = await startSupervisor(t, kind, { config: config + more });
  if (kind === 'supervisord') await hub.ask('POST', '/hosts', { name, url: `unix://${host.socketPath}` });
  return host;
}

/** The config as started, without these sections and with those. */
function rewrite(host: TestSupervisor, edit: (text: string) => string): void {
  host.write('supervisord.conf', edit(host.read('supervisord.conf')));
}

async function act(hub: KillableHub, request: object): Promise<Action> {
  const { status, body } = await hub.ask('POST', '/actions', request);
  if (status !== 202) throw new Error(JSON.stringify(body));
  return hub.finished(body.id);
}

const outcomes = (action: Action) => action.targets.map(({ outcome }) => outcome);

describe.concurrent.each<SupervisorKind>(['agent', 'supervisord'])('on %s', (kind) => {
  test('signal reaches the child, and clear empties its logs', async (t) => {
    const config =
      `[program:chat]\ncommand=/bin/sh -c 'trap "echo got HUP" HUP; echo ready; while :; do sleep 0.05; done'\n` +
      'startsecs=0\nstdout_logfile={dir}/chat.log\n';
    const { hub, host } = await placeOf(t, kind, config);
    await until('ready', () => host.read('chat.log').includes('ready'));
    const hup = await act(hub, { verb: 'signal', selector: 'chat', signal: 'SIGHUP' });
    t.expect(outcomes(hup)).toMatchObject([{ kind: 'done', state: 'RUNNING' }]);
    t.expect(hup.signal).toBe('HUP');
    await until('the trap', () => host.read('chat.log').includes('got HUP'));
    const clear = await act(hub, { verb: 'clear', selector: 'chat' });
    t.expect(outcomes(clear)).toMatchObject([{ kind: 'done' }]);
    t.expect(host.read('chat.log')).toBe('');
  });

  test('update shows what differs, and brings the host there; with nothing new it is left alone', async (t) => {
    const config = SLEEPER('keep') + SLEEPER('change') + SLEEPER('old');
    const { hub, host } = await placeOf(t, kind, config);
    const kept = (await host.rpc('getProcessInfo', 'keep')).pid;
    rewrite(host, (text) =>
      text
        .replace(SLEEPER('old'), SLEEPER('new'))
        .replace(SLEEPER('change'), SLEEPER('change', 'environment=A="1"\n')),
    );
    const plan = await hub.ask('POST', '/plans', { verb: 'update', selector: 'one' });
    t.expect(plan.body.targets).toMatchObject([
      { host: 'one', diff: { kind: 'known', added: ['new'], changed: ['change'], removed: ['old'] } },
    ]);
    const ran = await hub.cli('update', 'one', '--dry-run');
    t.expect(ran.out).toContain('one: adds new, restarts change, removes old');
    const reread = await act(hub, { verb: 'reread', selector: '*' });
    t.expect(outcomes(reread)).toMatchObject([
      { kind: 'done', says: 'an update adds new, restarts change, removes old' },
    ]);
    const update = await act(hub, { verb: 'update', selector: 'one' });
    t.expect(outcomes(update)).toMatchObject([
      { kind: 'done', says: 'adds new, restarts change, removes old' },
    ]);
    const names = (await host.rpc('getAllProcessInfo')).map(
      (info: { name: string; statename: string }) => `${info.name} ${info.statename}`,
    );
    t.expect(names.sort()).toEqual(['change RUNNING', 'keep RUNNING', 'new RUNNING']);
    t.expect((await host.rpc('getProcessInfo', 'keep')).pid).toBe(kept);
    const again = await hub.ask('POST', '/plans', { verb: 'update', selector: 'one' });
    t.expect(again.body).toMatchObject({
      targets: [],
      leftAlone: [{ host: 'one', reason: 'has nothing new in its configuration' }],
    });
  });

  test('a configuration that cannot be read is a refusal with its reason', async (t) => {
    const { hub, host } = await placeOf(t, kind, SLEEPER('keep'));
    rewrite(host, (text) => `${text}[program:broken]\nautostart=perhaps\n`);
    const plan = await hub.ask('POST', '/plans', { verb: 'update', selector: 'one' });
    t.expect(plan.body.targets).toMatchObject([
      { diff: { kind: 'unknown', reason: t.expect.stringContaining('CANT_REREAD') } },
    ]);
    const update = await act(hub, { verb: 'update', selector: 'one' });
    t.expect(outcomes(update)).toMatchObject([
      { kind: 'refused', reason: t.expect.stringContaining('CANT_REREAD') },
    ]);
  });

  test('reload is done when the supervisor is back with new children', async (t) => {
    const { hub, host } = await placeOf(t, kind, SLEEPER('keep'));
    const before = (await host.rpc('getProcessInfo', 'keep')).pid;
    const reload = await act(hub, { verb: 'reload', selector: 'one' });
    t.expect(outcomes(reload)).toMatchObject([{ kind: 'done', state: 'RUNNING' }]);
    const after = await host.state('keep', 'RUNNING');
    t.expect(after.pid).not.toBe(before);
  });

  test('shutdown is done when the supervisor is gone', async (t) => {
    const { hub, host } = await placeOf(t, kind, SLEEPER('keep'));
    const refused = await hub.cli('shutdown', 'one');
    t.expect(refused.code, 'even one needs --yes').toBe(11);
    const ran = await hub.cli('shutdown', 'one', '--yes');
    t.expect(ran.code, ran.err + ran.out).toBe(0);
    t.expect(ran.out).toContain('one: STOPPED');
    await until('it to exit', () => host.child.exitCode !== null);
  });

  test('B6 a long start and a long stop are on their way, not failures, and are sent once', async (t) => {
    const slow = `[program:slow]
command=/bin/sh -c "trap '' TERM; sleep 1000 & wait; wait"
startsecs=3
stopwaitsecs=3
stopasgroup=true
killasgroup=true
`;
    const { hub, host } = await placeOf(t, kind, slow + SLEEPER('quick'));
    const pace = { mode: 'rolling', batch: { n: 1, of: 'targets' }, order: 'given', settleMs: 500 };
    const { body } = await hub.ask('POST', '/actions', { verb: 'restart', selector: 'slow quick', pace });
    const seen = new Set<string>();
    await until(
      'both to be in progress once',
      async () => {
        const [target] = (await hub.ask('GET', `/actions/${body.id}`)).body.targets;
        seen.add(`${target.outcome.kind} ${target.outcome.state}`);
        return seen.has('working STOPPING') && seen.has('working STARTING');
      },
      { withinMs: 20_000 },
    );
    const action = await hub.finished(body.id);
    t.expect(outcomes(action)).toMatchObject([
      { kind: 'done', state: 'RUNNING' },
      { kind: 'done', state: 'RUNNING' },
    ]);
    t.expect(host.log().match(/spawned: 'slow'/g)).toHaveLength(2);
    t.expect(host.log().match(/waiting for slow to stop|stopped: slow/g)?.length).toBeLessThan(6);
  });
});

test('a host that lets no hub configure it refuses a reload, and says what it says', async (t) => {
  const hub = await startKillableHub(t);
  const host = await startSupervisor(t, 'agent', {
    config: SLEEPER('keep') + (await joining(hub, 'one', 'control')),
  });
  await hostsReady(hub, 1);
  const { pid } = await host.rpc('getProcessInfo', 'keep');
  expect(outcomes(await act(hub, { verb: 'reload', selector: 'one' }))).toMatchObject([
    { kind: 'refused', reason: expect.stringContaining('allow=control') },
  ]);
  expect((await host.rpc('getProcessInfo', 'keep')).pid).toBe(pid);
});

test('H5 hosts that hang are unknown in the plan of an update within its deadline, and the others are not', async (t) => {
  const hub = await startKillableHub(t);
  const well = await startHost(t, hub, 'supervisord', 'well', SLEEPER('keep'));
  const hung = await startHost(t, hub, 'supervisord', 'hung', SLEEPER('keep'));
  await hostsReady(hub, 2);
  rewrite(well, (text) => text + SLEEPER('new'));
  hung.child.kill('SIGSTOP');
  const beganMs = performance.now();
  const plan = await hub.ask('POST', '/plans', { verb: 'update', selector: '*' });
  expect(performance.now() - beganMs).toBeLessThan(6_000);
  expect(plan.body.targets).toMatchObject([
    { host: 'hung', diff: { kind: 'unknown' } },
    { host: 'well', diff: { kind: 'known', added: ['new'] } },
  ]);
});

test('B5 the command rolls batch by batch, stops at a failure, and retries what is left', async (t) => {
  const hub = await startKillableHub(t);
  const web = (host: string): string =>
    `[program:web]\ncommand=/bin/sh -c 'test ! -e {dir}/broken && exec sleep 1000'\nstartsecs=1\nstartretries=0\n` +
    SLEEPER(`only-${host}`);
  const hosts = [
    await startHost(t, hub, 'agent', 'a', web('a')),
    await startHost(t, hub, 'supervisord', 'b', web('b')),
    await startHost(t, hub, 'agent', 'c', web('c')),
  ];
  await hostsReady(hub, 3);
  const dry = await hub.cli('restart', 'group', 'web', '--rolling', '--batch', '1h', '--dry-run');
  expect(dry.out).toContain(
    'Will restart 3 processes on 3 hosts, rolling in 3 batches, ended by the first failure:\n  batch 1:\n    a: web\n',
  );
  hosts[1]?.write('broken', '');
  const ran = await hub.cli(
    'restart',
    'group',
    'web',
    '--rolling',
    '--batch',
    '1h',
    '--settle',
    '1s',
    '--yes',
  );
  expect(ran.code, ran.out + ran.err).toBe(1);
  expect(ran.out).toMatch(/a\/web: RUNNING/);
  expect(ran.out).toMatch(/b\/web: failed: FATAL/);
  expect(ran.out).toMatch(/c\/web: cancelled: a target was not done: the rest was left out/);
  expect(ran.err).toContain('batch 2 of 3');
  const troubled = await hub.cli('status', '--troubled');
  expect([troubled.code, troubled.out]).toEqual([3, expect.stringMatching(/^b\/web +FATAL .*\n$/)]);
  expect(troubled.err).toMatch(/^1 of \d+ processes on 3 hosts need a look\.\n$/);
  const [latest] = (await hub.ask('GET', '/actions')).body;
  const shown = await hub.cli('actions', latest.id);
  expect(shown.out).toContain('stopped (a target was not done: the rest was left out)');
  rewriteAway(hosts[1], 'broken');
  const retry = await hub.cli('actions', 'retry', latest.id, '--yes');
  expect(retry.code, retry.out + retry.err).toBe(0);
  expect(retry.out).toMatch(/b\/web: RUNNING/);
  expect(retry.out).toMatch(/c\/web: RUNNING/);
  const following = hub.cli('restart', 'group', 'web', '--rolling', '--batch', '1h', '--yes');
  await until(
    'it is under way',
    async () => (await hub.ask('GET', '/actions?limit=1')).body[0].finishedAtMs === null,
  );
  await hub.kill();
  await hub.start();
  const followed = await following;
  expect(followed.code, followed.out + followed.err).toBe(0);
  expect(followed.err).toContain('the connection to the hub was lost; trying again');
  expect(retry.out).not.toMatch(/a\/web/);
}, 90_000);

function rewriteAway(host: TestSupervisor | undefined, file: string): void {
  if (host !== undefined) rmSync(join(host.dir, file));
}

test('the command tells what it does not understand', async (t) => {
  const hub = await startKillableHub(t);
  for (const [words, says] of [
    [['signal', 'NOPE', 'web:*'], '"NOPE" is not a signal'],
    [['restart', 'web', '--batch', '2'], '--batch says how to roll'],
    [['restart', 'web', '--rolling', '--batch', '0'], 'is not the size of a batch'],
    [['restart', 'web', '--rolling', '--at-once', '2'], 'exclude each other'],
    [['restart', 'web', '--rolling', '--order', 'size'], '"size" is not an order'],
    [['reload', 'web:*'], 'this is done to whole supervisors'],
  ] as const) {
    const ran = await hub.cli(...words);
    expect(ran.err, words.join(' ')).toContain(says);
    expect([2, 7]).toContain(ran.code);
  }
});

test('the same idempotency key is the same action, and another request with it is refused (abuse 12)', async (t) => {
  const { hub } = await placeOf(t, 'supervisord', SLEEPER('keep'));
  const key = { 'idempotency-key': 'deploy-42' };
  const first = await hub.ask('POST', '/actions', { verb: 'restart', selector: 'keep' }, key);
  const second = await hub.ask('POST', '/actions', { verb: 'restart', selector: 'keep' }, key);
  expect([first.status, second.status]).toEqual([202, 200]);
  expect(second.body.id).toBe(first.body.id);
  const other = await hub.ask('POST', '/actions', { verb: 'stop', selector: 'keep' }, key);
  expect(other.status).toBe(422);
  expect(other.body.type).toContain('key-used');
  expect((await hub.ask('GET', '/actions')).body).toHaveLength(1);
});
