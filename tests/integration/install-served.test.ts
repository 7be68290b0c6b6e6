import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test, vi } from 'vitest';
import { startTestHub } from '../support/hub.ts';
import { joinToken, scratchHost, servedScript } from '../support/installing.ts';
import { run, tempDir } from '../support/supervisors.ts';

vi.setConfig({ testTimeout: 120_000 });

const ROOT = resolve(import.meta.dirname, '../..');
const settingOf = (script: string, name: string): string =>
  new RegExp(`^${name}='(.*)'$`, 'm').exec(script)?.[1] ?? '';

test('the script carries the address it was asked at, and the version and checksum of the bundle it names', async (t) => {
  const hub = await startTestHub(t, { args: ['--base-path', '/fleet'] });
  const script = await servedScript(hub);
  t.expect(settingOf(script, 'HUB_URL')).toBe(hub.hub.address);
  t.expect(script).not.toMatch(/@[A-Z_0-9]+@/);
  const bundle = await hub.raw('GET', `/install/${settingOf(script, 'BUNDLE')}`);
  t.expect(bundle.status).toBe(200);
  const sha256 = createHash('sha256')
    .update(Buffer.from(await bundle.arrayBuffer()))
    .digest('hex');
  t.expect(settingOf(script, 'SHA256')).toBe(sha256);
  t.expect(settingOf(script, 'BUNDLE')).toBe(
    `agent-${settingOf(script, 'VERSION')}-${sha256.slice(0, 12)}.tar.gz`,
  );
  const printed = await run([
    process.execPath,
    join(ROOT, 'dist/fleetvisor.js'),
    ...['hub', 'install-line', '--data', hub.dataFolder, '--url', 'https://hub.example.net/fleet'],
  ]);
  t.expect(printed.err).toBe('');
  t.expect(printed.out).toMatch(
    /^curl -fsSL https:\/\/hub\.example\.net\/fleet\/install \| sudo sh -s -- --token fvj_[\w-]+\n/,
  );
  t.expect(printed.out).toContain(`SHA-256 ${sha256}`);
});

test('a Host header that is no address never gets into the script; other files are not served (abuse 14)', async (t) => {
  const hub = await startTestHub(t);
  const { port } = new URL(hub.hub.address);
  const ask = (host: string, path: string) =>
    run([
      'curl',
      '-s',
      '-w',
      '\n%{http_code}',
      '--path-as-is',
      '-H',
      `Host: ${host}`,
      `http://127.0.0.1:${port}${path}`,
    ]);
  for (const host of ["a'$(id)'", 'a b', 'x;id', '`id`', 'a\\', "''"]) {
    const { out } = await ask(host, '/install');
    t.expect(out).toMatch(/\n400$/);
    t.expect(out).not.toContain('#!/bin/sh');
  }
  t.expect((await ask('[::1]:80', '/install')).out).toContain("HUB_URL='http://[::1]:80'");
  for (const path of ['agent.json', 'install.sh', '..%2fweb%2fmanifest.json', 'agent-0.tar.gz'])
    t.expect((await ask('hub', `/install/${path}`)).out).toMatch(/\n404$/);
});

test('the bundle holds the agent, koffi and one native part per platform, and nothing else', async (t) => {
  const hub = await startTestHub(t);
  const script = await servedScript(hub);
  const file = join(tempDir(t), 'agent.tar.gz');
  const bundle = await hub.raw('GET', `/install/${settingOf(script, 'BUNDLE')}`);
  writeFileSync(file, Buffer.from(await bundle.arrayBuffer()));
  const listed = (await run(['tar', '-tvzf', file])).out.trim().split('\n');
  const names = listed.map((line) => line.split(' ').at(-1) ?? '');
  t.expect(listed.filter((line) => !line.includes(' 0/0 '))).toEqual([]);
  t.expect(names.filter((name) => /^dist\/[^/]+$/.test(name))).toEqual(
    t.expect.arrayContaining(['dist/fleetvisord.js', 'dist/fleetvisorctl.js', 'dist/fleetvisor-pidproxy.js']),
  );
  const native = names.filter((name) => name.endsWith('.node'));
  t.expect([...new Set(native.map((name) => name.split('/')[2]))]).toEqual(
    settingOf(script, 'PLATFORMS')
      .split(' ')
      .map((platform) => `koffi-${platform}`),
  );
  t.expect(
    names.filter((name) => !/^(package\.json|LICENSE|dist\/|node_modules\/(koffi|@koromix)\/)/.test(name)),
  ).toEqual([]);
});

test('building twice gives the same bytes', async (t) => {
  const build = join(ROOT, 'scripts/build-install.mjs');
  const text = `import { buildInstall } from ${JSON.stringify(build)};
const [a, b] = process.argv.slice(1);
console.log((await buildInstall(a)).sha256 === (await buildInstall(b)).sha256);`;
  const ran = await run([process.execPath, '--input-type=module', '-e', text, tempDir(t), tempDir(t)]);
  t.expect([ran.err, ran.out]).toEqual(['', 'true\n']);
});

test('the script is plain POSIX sh, and does nothing when it arrives cut', async (t) => {
  const hub = await startTestHub(t);
  const script = await servedScript(hub);
  t.expect((await run(['sh', '-n'], { input: script })).err).toBe('');
  t.expect((await run(['shellcheck', '-s', 'sh', '-'], { input: script })).out).toBe('');
  const host = await scratchHost(t, hub);
  const lines = script.split('\n');
  for (const part of [0.3, 0.5, 0.7, 0.9, 0.99]) {
    await host.sh(lines.slice(0, Math.floor(lines.length * part)).join('\n'), ['--token', 'x']);
    t.expect(host.files()).toEqual([]);
  }
});

test('what would mean something to a shell or a configuration is refused in every argument (abuse 20)', async (t) => {
  const hub = await startTestHub(t);
  const host = await scratchHost(t, hub);
  const hostile = [
    ['--name', 'a\n[program:x]'],
    ['--token', 'x;id'],
    ['--hub', 'http://x/$(id)'],
    ['--user', 'root;id'],
    ['--config', '/etc/a b'],
    ['--node', 'node'],
    ['--prefix', '/tmp/$(id)'],
    ['--explode', ''],
  ] as const;
  for (const [option, value] of hostile) {
    const ran = await host.install(option, value);
    t.expect([option, ran.code]).toEqual([option, 1]);
    t.expect(ran.err).toMatch(/^fleetvisor: [\s\S]*\n {6}next: /);
  }
  t.expect(host.files()).toEqual([]);
});

test('the unit brings a killed agent back, lets it end its programs itself, and pleases systemd', async (t) => {
  const hub = await startTestHub(t);
  const host = await scratchHost(t, hub);
  t.expect((await host.install('--no-start', '--token', await joinToken(hub))).code).toBe(0);
  const unit = host.read('etc/systemd/system/fleetvisor.service');
  for (const line of [
    'Type=simple',
    'Restart=on-failure',
    'KillMode=process',
    'RuntimeDirectoryPreserve=yes',
    'LimitNOFILE=65536',
    'WantedBy=multi-user.target',
  ])
    t.expect(unit.split('\n')).toContain(line);
  t.expect(unit).toMatch(
    /^ExecStart=\/\S*node \S+\/opt\/fleetvisor\/current\/dist\/fleetvisord\.js -n -c \S+\/etc\/fleetvisor\/supervisord\.conf$/m,
  );
  if (existsSync('/usr/bin/systemd-analyze')) {
    const file = join(host.root, 'etc/systemd/system/fleetvisor.service');
    const { code, out, err } = await run(['systemd-analyze', 'verify', file]);
    t.expect(`${out}${err}`).not.toContain('fleetvisor');
    t.expect(code).toBe(0);
  }
  t.expect((await run(['sh', '-n', join(host.root, 'etc/init.d/fleetvisor')])).err).toBe('');
  t.expect((await host.ctl('pid')).code).not.toBe(0);
});
