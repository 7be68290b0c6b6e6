import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test, vi } from 'vitest';
import type { ProcessView } from '../../src/api/contract.ts';
import { startTestHub } from '../support/hub.ts';
import { joinToken, type ScratchHost, scratchHost, servedScript } from '../support/installing.ts';
import { CTL, DAEMON, type Ran, run } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 120_000 });

const CONFIG = 'etc/supervisor/supervisord.conf';
const STOCK = `[unix_http_server]
file={root}/stock.sock
[supervisord]
logfile={root}/var/log/supervisord.log
pidfile={root}/stock.pid
childlogdir={root}/var/log
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{root}/stock.sock
[include]
files = conf.d/*.conf
`;
const SLEEPER = '[program:sleeper]\ncommand=/bin/sleep 1000\nstartsecs=0\n';

interface StockHost {
  readonly child: ChildProcess;
  supervisorctl(...words: string[]): Promise<Ran>;
  /** Of whoever runs on the configuration now. */
  version(): Promise<string>;
}

/** A real supervisord on the scratch root's own /etc/supervisor, as Debian has it. */
async function stockOn(t: TestContext, host: ScratchHost, config = STOCK): Promise<StockHost> {
  host.write(CONFIG, config);
  host.write('etc/supervisor/conf.d/sleeper.conf', SLEEPER);
  mkdirSync(join(host.root, 'var/log'), { recursive: true });
  const file = join(host.root, CONFIG);
  const [daemon = '', ...args] = DAEMON.supervisord;
  const child = spawn(daemon, [...args, '-n', '-c', file], { stdio: 'ignore' });
  const ended = new Promise((done) => child.once('exit', done));
  const supervisorctl: StockHost['supervisorctl'] = (...words) =>
    run([...CTL.supervisord, '-c', file, ...words]);
  t.onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
    if ((await supervisorctl('pid')).code === 0) await supervisorctl('shutdown');
    await until('nobody runs there', async () => (await supervisorctl('pid')).code !== 0);
  });
  await until('the sleeper', async () => (await supervisorctl('status')).out.includes('RUNNING'));
  return { child, supervisorctl, version: async () => (await supervisorctl('version')).out.trim() };
}

describe.concurrent('an existing supervisord', () => {
  test('is left alone without --takeover, and that is said; with it the agent changes over and stays the same host', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const stock = await stockOn(t, host);
    const ran = await host.install('--token', await joinToken(hub), '--name', 'beside');
    t.expect([ran.code, ran.err]).toEqual([0, '']);
    t.expect(ran.out).toContain(
      `[!!] the supervisord of ${host.root}/${CONFIG} goes on as before; --takeover`,
    );
    t.expect(Number((await stock.supervisorctl('pid')).out)).toBe(stock.child.pid);
    t.expect(host.files().filter((path) => path.includes('conf.d/fleetvisor'))).toEqual([]);
    const named = await (await scratchHost(t, hub)).install(
      '--token',
      'x',
      '--config',
      join(host.root, CONFIG),
    );
    t.expect(named.err).toContain(`a supervisord runs on ${host.root}/${CONFIG} (pid ${stock.child.pid})`);

    const own = host.write('etc/fleetvisor/conf.d/own.conf', SLEEPER);
    const refused = await host.install('--takeover');
    t.expect([refused.code, refused.err]).toEqual([
      1,
      t.expect.stringContaining('has a configuration of its own'),
    ]);
    t.expect(Number((await stock.supervisorctl('pid')).out)).toBe(stock.child.pid);
    rmSync(own);
    const taken = await host.install('--takeover');
    t.expect([taken.code, taken.err]).toEqual([0, '']);
    t.expect(taken.out).toContain(`joined ${hub.hub.address} as beside\n`);
    const seen = (await hub.ask('GET', '/processes?selector=beside/sleeper')).body as ProcessView[];
    t.expect(seen).toMatchObject([{ state: 'RUNNING' }]);
    t.expect((await hub.ask('GET', '/hosts')).body).toHaveLength(1);
  });

  test('is taken over with its programs, and --uninstall brings it back', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const stock = await stockOn(t, host);
    const ran = await host.install('--takeover', '--token', await joinToken(hub), '--name', 'taken');
    t.expect([ran.code, ran.err]).toEqual([0, '']);
    t.expect(ran.out).toContain(
      `[ok] section [fleetvisor] in ${host.root}/etc/supervisor/conf.d/fleetvisor.conf`,
    );
    t.expect(ran.out.indexOf('is understood')).toBeLessThan(ran.out.indexOf('stopping supervisord'));
    await until('its end', () => stock.child.exitCode !== null);
    t.expect(host.read(CONFIG)).toBe(STOCK.replaceAll('{root}', host.root));
    t.expect(await stock.version()).toBe((await host.ctl('version')).out.trim());
    const seen = (await hub.ask('GET', '/processes?selector=taken/sleeper')).body as ProcessView[];
    t.expect(seen).toMatchObject([{ group: 'sleeper', state: 'RUNNING' }]);
    const agent = (await stock.supervisorctl('pid')).out;
    const again = await host.install('--takeover', '--name', 'taken');
    t.expect([again.code, again.err]).toEqual([0, '']);
    t.expect((await stock.supervisorctl('pid')).out).toBe(agent);

    const back = await host.install('--uninstall');
    t.expect([back.code, back.err]).toEqual([0, '']);
    t.expect(back.out).toContain(`the supervisord of ${host.root}/${CONFIG} runs again`);
    await until('the sleeper', async () => (await stock.supervisorctl('status')).out.includes('RUNNING'));
    t.expect((await stock.supervisorctl('pid')).out).not.toBe(agent);
    t.expect(existsSync(join(host.root, 'etc/supervisor/conf.d/fleetvisor.conf'))).toBe(false);
    const pid = Number((await stock.supervisorctl('pid')).out);
    t.expect((await run(['cat', `/proc/${pid}/cmdline`])).out).toContain('/usr/bin/supervisord');
  });

  test('keeps its programs when the agent would not understand its configuration', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const stock = await stockOn(t, host);
    host.write('etc/supervisor/conf.d/broken.conf', '[program:broken]\ncommand=/bin/true\nnumprocs=many\n');
    const ran = await host.install('--takeover', '--token', await joinToken(hub));
    t.expect(ran.code).toBe(1);
    t.expect(ran.err).toContain('broken.conf');
    t.expect(ran.err).toContain(`the agent cannot run on ${host.root}/${CONFIG}\n      next: mend`);
    t.expect(Number((await stock.supervisorctl('pid')).out)).toBe(stock.child.pid);
    t.expect(existsSync(join(host.root, 'etc/supervisor/conf.d/fleetvisor.conf'))).toBe(false);
  });

  test('is brought back at once when the agent does not start', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    const stock = await stockOn(t, host);
    const node = host.write(
      'bin/node',
      `#!/bin/sh\ncase "$*" in *fleetvisord.js\\ -c*) exit 1 ;; esac\nexec ${process.execPath} "$@"\n`,
    );
    chmodSync(node, 0o755);
    const ran = await host.install('--takeover', '--node', node, '--token', await joinToken(hub));
    t.expect(ran.code).toBe(1);
    t.expect(ran.out).toContain(`[ok] the supervisord of ${host.root}/${CONFIG} runs again`);
    t.expect(ran.err).toContain('fleetvisord does not start\n      next: run it in the foreground');
    await until('the sleeper', async () => (await stock.supervisorctl('status')).out.includes('RUNNING'));
    t.expect(existsSync(join(host.root, 'etc/supervisor/conf.d/fleetvisor.conf'))).toBe(false);
  });

  test('without an include of its own is refused with the lines to add', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    host.write(CONFIG, STOCK.replace(/\[include\][\s\S]*/, SLEEPER));
    const ran = await host.install('--takeover', '--token', await joinToken(hub), '--name', 'x');
    t.expect(ran.code).toBe(1);
    t.expect(ran.err).toContain('has no [include]');
    t.expect(ran.err).toContain(`[fleetvisor] hub=${hub.hub.address} name=x identity=`);
  });
});

describe.concurrent('a host that lacks something', () => {
  const ADVICE = [
    ['ID=debian\n', 'deb.nodesource.com'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf module install -y nodejs:22'],
    ['ID=void\n', 'https://nodejs.org/'],
  ] as const;

  test.for(ADVICE)('learns how to get Node where it has %j', async ([release, advice], t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    host.write('etc/os-release', release);
    const node = host.write('bin/node', '#!/bin/sh\necho 18.20.4\n');
    chmodSync(node, 0o755);
    const env = { ...process.env, PATH: `${host.root}/bin:/usr/bin:/bin` };
    const ran = await host.sh(await servedScript(hub), ['--token', 'x'], env);
    t.expect(ran.code).toBe(1);
    t.expect(ran.err).toContain(`the agent needs Node 20.19 or newer, ${node} is 18.20.4\n      next: `);
    t.expect(ran.err).toContain(advice);
    t.expect(host.files()).toEqual(['bin/node', 'etc/os-release']);
  });

  test('is told when the bundle has nothing for its machine', async (t) => {
    const hub = await startTestHub(t);
    const host = await scratchHost(t, hub);
    chmodSync(host.write('bin/uname', '#!/bin/sh\necho s390x\n'), 0o755);
    const env = { ...process.env, PATH: `${host.root}/bin:${process.env.PATH}` };
    const ran = await host.sh(await servedScript(hub), ['--token', 'x'], env);
    t.expect(ran.err).toMatch(/this hub's agent is for linux-x64[^,]*, this host is linux-s390x\n +next: /);
  });
});
