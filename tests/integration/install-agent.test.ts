import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test, vi } from 'vitest';
import type { HostView, ProcessView } from '../../src/api/contract.ts';
import { systemClock } from '../../src/clock.ts';
import { installLine } from '../../src/fleet/install-line.ts';
import { openStore } from '../../src/store/store.ts';
import { MIGRATIONS, startTestHub, type TestHub } from '../support/hub.ts';
import { joinToken, type ScratchHost, scratchHost, servedScript } from '../support/installing.ts';
import { run } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** Each installs and starts a real agent, several at once. */
vi.setConfig({ testTimeout: 120_000 });

const LOG = 'var/log/fleetvisor/fleetvisord.log';
const SLEEPER = '[program:sleeper]\ncommand=/bin/sleep 1000\nstartsecs=0\n';

const hostCalled = async (hub: TestHub, name: string): Promise<HostView | undefined> =>
  ((await hub.ask('GET', '/hosts')).body as HostView[]).find((host) => host.name === name);

const isGone = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2] === 'Z';
  } catch {
    return true; // no such process
  }
};

const mode = (host: ScratchHost, path: string): string =>
  (statSync(join(host.root, path)).mode & 0o777).toString(8);

describe.concurrent('the agent by one line', () => {
  test('installs, joins, starts, and says each step', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const token = await joinToken(hub);
    const line = installLine(hub.hub.address, token).replace('sudo sh -s --', 'sh -s -- "$@"');
    const ran = await run(['sh', '-c', line, 'sh', '--prefix', host.root, '--name', 'one'], {
      timeoutMs: 60_000,
    });
    t.expect(ran.err).toBe('');
    t.expect(ran.code).toBe(0);
    t.expect(ran.out).toMatch(/\[ok\] Node \S+ at \//);
    t.expect(ran.out).toMatch(/\[ok\] bundle downloaded, SHA-256 [0-9a-f]{64}\n/);
    t.expect(ran.out).toMatch(/\[ok\] fleetvisord is running \(pid \d+\)\n/);
    t.expect(ran.out).toContain(`[ok] joined ${hub.hub.address} as one\n`);
    t.expect(await hostCalled(hub, 'one')).toMatchObject({
      kind: 'agent',
      reachability: { kind: 'reachable' },
    });
    t.expect(host.files()).toEqual([
      'etc/fleetvisor/installed',
      'etc/fleetvisor/supervisord.conf',
      'etc/init.d/fleetvisor',
      'etc/systemd/system/fleetvisor.service',
      'opt/fleetvisor/current',
      'run/fleetvisor/fleetvisord.pid',
      'run/fleetvisor/fleetvisord.sock',
      'usr/local/bin/fleetvisorctl',
      'usr/local/bin/fleetvisord',
      'var/lib/fleetvisor/identity.json',
      'var/log/fleetvisor/fleetvisord.log',
    ]);
    t.expect(mode(host, 'var/lib/fleetvisor')).toBe('700');
    t.expect(mode(host, 'var/lib/fleetvisor/identity.json')).toBe('600');
    t.expect(mode(host, 'var/log/fleetvisor')).toBe('750');
    t.expect(mode(host, 'run/fleetvisor/fleetvisord.sock')).toBe('700');
    const holds = await run(['grep', '-rlF', token, host.root]);
    t.expect(holds.out).toBe('');
    host.write('etc/fleetvisor/conf.d/sleeper.conf', SLEEPER);
    t.expect((await host.ctl('update')).out).toContain('sleeper: added process group');
    await until('the program at the hub', async () => {
      const seen = (await hub.ask('GET', '/processes?selector=one/sleeper')).body as ProcessView[];
      return seen[0]?.state === 'RUNNING';
    });
    t.expect(hub.bugs).toEqual([]);
  });

  test('a second time is harmless: same agent, same identity, the configuration as it was edited', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    t.expect((await host.install('--token', await joinToken(hub), '--name', 'twice')).code).toBe(0);
    const edited = `${host.read('etc/fleetvisor/supervisord.conf')}; edited\n${SLEEPER}`;
    host.write('etc/fleetvisor/supervisord.conf', edited);
    await host.ctl('update');
    const before = [host.read('var/lib/fleetvisor/identity.json'), (await host.ctl('pid')).out];
    const child = (await host.ctl('pid', 'sleeper')).out;
    const again = await host.install('--token', await joinToken(hub), '--name', 'twice');
    t.expect([again.code, again.err]).toEqual([0, '']);
    t.expect(again.out).toContain('is there already');
    t.expect(again.out).toContain('supervisord.conf is kept as it is');
    t.expect(again.out).toContain('this host has joined before: the token is not needed');
    t.expect([host.read('var/lib/fleetvisor/identity.json'), (await host.ctl('pid')).out]).toEqual(before);
    t.expect((await host.ctl('pid', 'sleeper')).out).toBe(child);
    t.expect(host.read('etc/fleetvisor/supervisord.conf')).toBe(edited);
    t.expect((await hub.ask('GET', '/hosts')).body).toHaveLength(1);
    const without = await host.install();
    t.expect([without.code, without.err]).toEqual([0, '']);
    t.expect(without.out).toContain(`joined ${hub.hub.address} as twice\n`);
  });

  test('a host that was removed at the hub is not called joined; a token brings it in anew', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const token = await joinToken(hub, 5);
    t.expect((await host.install('--token', token, '--name', 'back')).code).toBe(0);
    const id = (await hostCalled(hub, 'back'))?.id ?? '';
    await hub.ask('DELETE', `/hosts/${id}`);
    await until('its refusal', () => host.read(LOG).includes('this host was removed at the hub'));
    const refused = await host.install();
    t.expect(refused.code).toBe(1);
    t.expect(refused.err).toMatch(
      /was removed at the hub: bring it back .*\n +next: make a new one on the hub/,
    );
    const joined = await host.install('--token', token);
    t.expect([joined.code, joined.err]).toEqual([0, '']);
    const anew = await hostCalled(hub, 'back');
    t.expect(anew).toMatchObject({ kind: 'agent' });
    t.expect(anew?.id).not.toBe(id);
    t.expect((await host.install('--uninstall')).out).toContain('fleetvisor hosts remove back\n');
  });

  test('its init script starts, stops and tells, as often as it is asked', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    t.expect((await host.install('--no-start', '--name', 'init')).code).toBe(0);
    const init = async (word: string) => {
      const { code, out, err } = await run([join(host.root, 'etc/init.d/fleetvisor'), word]);
      return [code, `${out}${err}`.replace(/\d+/, 'N')];
    };
    t.expect(await init('status')).toEqual([3, 'fleetvisord is not running\n']);
    t.expect(await init('stop')).toEqual([0, 'fleetvisord is not running\n']);
    t.expect(await init('start')).toEqual([0, 'fleetvisord is running, pid N\n']);
    t.expect(await init('start')).toEqual([0, 'fleetvisord is running already, pid N\n']);
    const before = (await host.ctl('pid')).out;
    t.expect(await init('restart')).toEqual([0, 'fleetvisord is stopped\nfleetvisord is running, pid N\n']);
    t.expect((await host.ctl('pid')).out).not.toBe(before);
    t.expect((await init('force-reload'))[0]).toBe(0);
    t.expect((await init('walk'))[0]).toBe(2);
    t.expect(await init('stop')).toEqual([0, 'fleetvisord is stopped\n']);
    host.write('etc/fleetvisor/supervisord.conf', '[supervisord]\nloglevel=loud\n');
    t.expect(await init('start')).toEqual([1, t.expect.stringContaining('fleetvisord does not start: see ')]);
  });

  test('a newer bundle becomes current beside the running one, whose programs are not touched', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    t.expect((await host.install('--token', await joinToken(hub), '--name', 'newer')).code).toBe(0);
    const pid = (await host.ctl('pid')).out;
    const release = readlinkSync(join(host.root, 'opt/fleetvisor/current'));
    const at = (name: string) => join(host.root, 'opt/fleetvisor', name);
    for (const name of ['0.0.8-0123456789ab', '0.0.9-0123456789ab'])
      cpSync(at(release), at(name), { recursive: true });
    mkdirSync(at('not-ours'));
    rmSync(at(release), { recursive: true });
    rmSync(at('current'));
    symlinkSync('0.0.9-0123456789ab', at('current'));
    const ran = await host.install();
    t.expect([ran.code, ran.err]).toEqual([0, '']);
    t.expect(ran.out).toContain(
      `[!!] it is still 0.0.9-0123456789ab; its programs stop for a moment when it becomes ${release}: `,
    );
    t.expect(readlinkSync(at('current'))).toBe(release);
    t.expect(readdirSync(at('')).sort()).toEqual(
      ['0.0.9-0123456789ab', release, 'current', 'not-ours'].sort(),
    );
    t.expect((await host.ctl('pid')).out).toBe(pid);
  });

  test('--uninstall ends the agent and its programs and leaves the logs and what somebody wrote', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    host.write('etc/fleetvisor/conf.d/sleeper.conf', SLEEPER);
    t.expect((await host.install('--token', await joinToken(hub), '--name', 'gone')).code).toBe(0);
    const daemon = Number((await host.ctl('pid')).out);
    const child = Number((await host.ctl('pid', 'sleeper')).out);
    t.expect(daemon).toBeGreaterThan(0);
    t.expect(child).toBeGreaterThan(0);
    const ran = await host.install('--uninstall');
    t.expect([ran.code, ran.err]).toEqual([0, '']);
    t.expect(ran.out).toContain(`Kept: the logs in ${host.root}/var/log/fleetvisor`);
    t.expect([isGone(daemon), isGone(child)]).toEqual([true, true]);
    const left = host.files();
    t.expect(left.filter((path) => !path.startsWith('var/log/fleetvisor/'))).toEqual([]);
    t.expect(left).toContain('var/log/fleetvisor/removed-configuration/conf.d/sleeper.conf');
    const again = await host.install('--uninstall');
    t.expect([again.code, again.out]).toEqual([0, 'There is no Fleetvisor agent here.\n']);
  });

  test('a bundle with another SHA-256 is not even unpacked (abuse 20)', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const sha = 'f'.repeat(64);
    const script = (await servedScript(hub)).replace(/^SHA256='.*'$/m, `SHA256='${sha}'`);
    const ran = await host.sh(script, ['--token', await joinToken(hub)]);
    t.expect(ran.code).toBe(1);
    t.expect(ran.err).toMatch(
      /the bundle has the SHA-256 [0-9a-f]{64}, the hub promised f{64}; nothing was unpacked\n +next: /,
    );
    t.expect(host.files()).toEqual([]);
    t.expect(existsSync(join(host.root, 'opt'))).toBe(false);
  });

  test.for([
    ['opt/fleetvisor/package.json', '{}'],
    ['var/lib/fleetvisor/fleetvisor.db', 'every account'],
    ['etc/fleetvisor/hub.conf', ''],
    ['etc/systemd/system/fleetvisor.service', '[Unit]\nDescription=Fleetvisor hub\n'],
  ] as const)(
    'where a hub lies in the places of the agent, at %s, nothing is installed or removed',
    async ([path, text], t) => {
      const hub = await startTestHub(t);
      const host = await scratchHost(t, hub);
      host.write(path, text);
      for (const words of [['--token', await joinToken(hub)], ['--uninstall']]) {
        const ran = await host.install(...words);
        t.expect([ran.code, ran.out]).toEqual([1, '']);
        t.expect(ran.err).toContain(`${path} is `);
        t.expect(ran.err).toContain('next: give the hub places and a unit called fleetvisor-hub');
        t.expect(host.files()).toEqual([path]);
        t.expect(host.read(path)).toBe(text);
      }
    },
  );

  test('without a token it says where to get one, before anything is downloaded', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const ran = await host.install();
    t.expect(ran.code).toBe(1);
    t.expect(ran.err).toBe(
      'fleetvisor: a join token is needed\n      next: on the hub: fleetvisor hub join-token; then give it with --token\n',
    );
    t.expect(host.files()).toEqual([]);
  });

  test.for([
    ['used', /has not joined the hub: .*this join token is used up.*\n +next: make a new one on the hub/],
    ['expired', /this join token has expired.*\n +next: make a new one on the hub/],
    ['wrong', /this join token is not known here.*\n +next: make a new one on the hub/],
  ] as const)(
    'a token that is %s is named so; the next run with a good one joins',
    async ([kind, says], t) => {
      const hub = await startTestHub(t);
      const host = await scratchHost(t, hub);
      const token = kind === 'wrong' ? 'fvj_never' : badToken(hub, kind === 'expired');
      const refused = await host.install('--token', token, '--name', kind);
      t.expect(refused.err).toMatch(says);
      t.expect(refused.code).toBe(1);
      const joined = await host.install('--token', await joinToken(hub), '--name', kind);
      t.expect([joined.code, joined.err]).toEqual([0, '']);
      t.expect(await hostCalled(hub, kind)).toBeDefined();
    },
  );

  test('a token from a file or the environment joins too and is in nobody’s process list (abuse 17)', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const file = host.write('token', `${await joinToken(hub)}\n`);
    t.expect((await host.install('--token-file', file, '--name', 'by-file')).code).toBe(0);
    const other = await scratchHost(t, hub);
    const env = { ...process.env, FLEETVISOR_JOIN_TOKEN: await joinToken(hub) };
    const ran = await other.sh(await servedScript(hub), ['--name', 'by-env'], env);
    t.expect([ran.code, ran.err]).toEqual([0, '']);
    t.expect(await hostCalled(hub, 'by-env')).toBeDefined();
  });

  test('--dry-run says what it would do and does nothing', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const token = await joinToken(hub);
    const ran = await host.install('--dry-run', '--token', token);
    t.expect([ran.code, ran.err]).toEqual([0, '']);
    t.expect(ran.out).toContain(`[would] download ${hub.hub.address}/install/agent-`);
    t.expect(ran.out).toContain(`[would] write ${host.root}/etc/fleetvisor/supervisord.conf`);
    t.expect(ran.out).not.toContain(token);
    t.expect(ran.out).not.toContain('Done.');
    t.expect(host.files()).toEqual([]);
  });
});

/** One that has expired, or one that was used up by another host. */
function badToken(hub: TestHub, isExpired: boolean): string {
  const nowMs = systemClock.wallMs();
  const store = openStore({ dataFolder: hub.dataFolder, migrations: MIGRATIONS, nowMs });
  const expiresAtMs = isExpired ? nowMs - 1 : nowMs + 60_000;
  const { token } = store.joinTokens.issue(
    { uses: 1, expiresAtMs, environment: null, tags: [], by: 'test' },
    nowMs,
  );
  if (!isExpired) store.joinTokens.redeem(token, nowMs);
  store.close();
  return token;
}
