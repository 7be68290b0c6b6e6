import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTerminal } from '../support/ctl.ts';
import { FLEETVISOR, type FleetCli, startFleetCli } from '../support/fleet-cli.ts';
import { httpReceiver } from '../support/receivers.ts';
import {
  freePort,
  type Lifetime,
  run,
  startSupervisor,
  type TestSupervisor,
} from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const PROGRAMS = `[program:web]
command=/bin/sleep 1000
process_name=web_%(process_num)02d
numprocs=2
startsecs=0
[program:solo]
command=/bin/sleep 1000
startsecs=0
[program:bad]
command=/bin/false
startretries=0
startsecs=1
autostart=false
[program:chat]
command=/bin/sh -c 'printf "one\\n\\033[31mtwo\\033[0m\\n\\033]0;title\\007three\\n"; exec cat'
startsecs=0
stdout_logfile={dir}/chat.log
`;

const ends: (() => void | Promise<void>)[] = [];
const lifetime: Lifetime = { onTestFinished: (fn) => void ends.unshift(fn) };
let cli: FleetCli;
let hosts: TestSupervisor[];

beforeAll(async () => {
  cli = await startFleetCli(lifetime);
  hosts = await Promise.all(
    ['h1', 'h2'].map(() => startSupervisor(lifetime, 'supervisord', { config: PROGRAMS })),
  );
  for (const [at, host] of hosts.entries()) {
    await cli.fleetvisor('hosts', 'add', `h${at + 1}`, `unix://${host.socketPath}`, '--tag', 'here');
  }
  await until('both hosts in the status', async () => {
    const { out } = await cli.fleetvisor('status', 'group', 'web');
    return out.match(/RUNNING/g)?.length === 4;
  });
}, 120_000);

const onFirst: TestSupervisor['rpc'] = (method, ...params) =>
  (hosts[0] as TestSupervisor).rpc(method, ...params);

afterAll(async () => {
  for (const end of ends) await end();
});

test('login keeps the token in a file of its owner alone, and never the password', () => {
  const path = join(cli.dir, 'config/fleetvisor/profiles.json');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).not.toContain(cli.password);
});

test('status shows every process with its host, and a selector narrows it', async () => {
  const all = await cli.fleetvisor('status');
  expect(all.out).toMatch(/^h1\/bad +STOPPED +Not started$/m);
  expect(all.out).toMatch(/^h2\/web:web_01 +RUNNING +pid \d+, uptime 0:\d\d:\d\d$/m);
  const some = await cli.fleetvisor('status', 'h1/web:*');
  expect(some.out.trimEnd().split('\n')).toHaveLength(2);
  expect(some.code).toBe(0);
});

test('status --json is what the API says', async () => {
  const { out } = await cli.fleetvisor('--json', 'status', 'solo');
  const { hosts: names, processes } = JSON.parse(out);
  expect(names.map((host: { name: string }) => host.name).sort()).toEqual(['h1', 'h2']);
  expect(processes.map((process: { name: string }) => process.name)).toEqual(['solo', 'solo']);
});

test('stop group in a script is refused without --yes and does nothing', async () => {
  const { out, err, code } = await cli.fleetvisor('stop', 'group', 'web');
  expect(out).toContain('Will stop 4 processes on 2 hosts:');
  expect(err).toContain('--yes');
  expect(code).toBe(11);
  expect((await onFirst('getProcessInfo', 'web:web_00')).statename).toBe('RUNNING');
});

test('stop group on every host, then start it again: one line per target, and the summary', async () => {
  const stopped = await cli.fleetvisor('stop', 'group', 'web', '--yes');
  for (const target of ['h1/web:web_00', 'h1/web:web_01', 'h2/web:web_00', 'h2/web:web_01']) {
    expect(stopped.out).toContain(`${target}: STOPPED (`);
  }
  expect(stopped.out).toMatch(/stop group web: 4 done\n$/);
  expect(stopped.code).toBe(0);
  for (const host of hosts)
    expect((await host.rpc('getProcessInfo', 'web:web_01')).statename).toBe('STOPPED');
  const started = await cli.fleetvisor('start', 'h*/web:*');
  expect(started.out).toMatch(/start h\*\/web:\*: 4 done\n$/);
});

test('a plan is shown by --dry-run, also of what is left alone, and nothing is done', async () => {
  const { out, code } = await cli.fleetvisor('start', 'h1/*', '--dry-run');
  expect(out).toContain('Will start 1 process on 1 host:\n  h1: bad\n');
  expect(out).toContain('left alone: h1/solo is RUNNING already');
  expect(code).toBe(0);
});

test('one failing target makes the exit status 1 and is told with its reason', async () => {
  const { out, code } = await cli.fleetvisor('start', 'h1/bad');
  expect(out).toMatch(/h1\/bad: failed: .*Exited too quickly/);
  expect(code).toBe(1);
});

test('--json of an action is its plan and its outcomes', async () => {
  const { out } = await cli.fleetvisor('restart', 'h1/solo', '--json');
  const { plan, action } = JSON.parse(out);
  expect(plan.targets).toHaveLength(1);
  expect(action.targets[0].outcome.kind).toBe('done');
});

test('--no-wait leaves at once with the id, under which actions tells the outcome', async () => {
  const { out, code } = await cli.fleetvisor('restart', 'h2/solo', '--no-wait');
  const id = /action (\S+) is under way/.exec(out)?.[1] ?? '';
  expect(code).toBe(0);
  await until('it is over', async () =>
    (await cli.fleetvisor('actions', id)).out.includes('finished: 1 done'),
  );
  expect((await cli.fleetvisor('actions')).out).toContain(id);
});

test('a selector that names nothing, and one that cannot be read, have their own statuses', async () => {
  const none = await cli.fleetvisor('stop', 'nosuch');
  expect(none.err).toContain('"nosuch" names no process that is known');
  expect(none.code).toBe(6);
  expect((await cli.fleetvisor('stop', 'web')).err).toContain("All of that group: 'web:*'");
  for (const verb of ['status', 'stop']) {
    const host = await cli.fleetvisor(verb, 'h1');
    expect(host.err).toContain("All of that host: 'h1/*'");
    expect(host.code).toBe(6);
  }
  const bad = await cli.fleetvisor('status', 'h1/"web');
  expect(bad.err).toMatch(/opens a quote that is not closed[\s\S]*\n {4}h1\/"web\n {7}\^/);
  expect(bad.code).toBe(7);
});

test('no hub, no login and a wrong command line each have their status and say how to mend it', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const away = await cli.fleetvisor('--hub', nobody, 'status');
  expect([away.code, away.err]).toEqual([
    8,
    expect.stringContaining(`${nobody} cannot be reached: nothing listens`),
  ]);
  const env = { ...cli.env, XDG_CONFIG_HOME: join(cli.dir, 'empty') };
  const stranger = await run([...FLEETVISOR, '--hub', cli.hub, 'status'], { cwd: cli.dir, env });
  expect([stranger.code, stranger.err]).toEqual([9, expect.stringContaining(`fleetvisor login ${cli.hub}`)]);
  const typo = await cli.fleetvisor('stauts');
  expect([typo.code, typo.err]).toEqual([2, expect.stringContaining('Did you mean status?')]);
});

test('a token file others may read is refused; the environment and ./data/cli.json work', async () => {
  const { profiles } = JSON.parse(readFileSync(join(cli.dir, 'config/fleetvisor/profiles.json'), 'utf8'));
  const token: string = profiles[0].token;
  const file = join(cli.dir, 'token');
  writeFileSync(file, token, { mode: 0o644 });
  const open = await cli.fleetvisor('--hub', cli.hub, '--token-file', file, 'hosts');
  expect([open.code, open.err]).toEqual([9, expect.stringContaining(`chmod 600 ${file}`)]);
  chmodSync(file, 0o600);
  expect((await cli.fleetvisor('--hub', cli.hub, '--token-file', file, 'hosts')).code).toBe(0);

  const empty = { ...cli.env, XDG_CONFIG_HOME: join(cli.dir, 'empty') };
  const named = { ...empty, FLEETVISOR_HUB: cli.hub, FLEETVISOR_TOKEN: token };
  expect((await run([...FLEETVISOR, 'hosts'], { cwd: cli.dir, env: named })).code).toBe(0);
  const demo = join(cli.dir, 'demo');
  mkdirSync(join(demo, 'data'), { recursive: true });
  writeFileSync(join(demo, 'data/cli.json'), JSON.stringify({ hub: cli.hub, token }), { mode: 0o600 });
  expect((await run([...FLEETVISOR, 'hosts'], { cwd: demo, env: empty })).code).toBe(0);
});

test('at a terminal the plan is asked about, and progress is drawn over', async (t) => {
  const screen = openTerminal(t, [...FLEETVISOR, 'restart', 'group', 'web'], { cwd: cli.dir, env: cli.env });
  await screen.see('Will restart 4 processes on 2 hosts:');
  await screen.answer('Restart 4 processes on 2 hosts? [y/N] ', 'y\r');
  await screen.see('restart group web: 4 done');
  t.expect(await screen.ended()).toBe(0);
  t.expect(screen.shown()).toContain('\x1b[4A');
});

test('at a terminal anything but yes does nothing', async (t) => {
  const screen = openTerminal(t, [...FLEETVISOR, 'stop', 'group', 'web'], { cwd: cli.dir, env: cli.env });
  await screen.answer('[y/N] ', 'n\r');
  t.expect(await screen.ended()).toBe(11);
  t.expect((await onFirst('getProcessInfo', 'web:web_00')).statename).toBe('RUNNING');
});

test('login at a terminal asks for user and hidden password', async (t) => {
  const env = { ...cli.env, XDG_CONFIG_HOME: join(cli.dir, 'second') };
  const screen = openTerminal(t, [...FLEETVISOR, 'login', cli.hub], { cwd: cli.dir, env });
  await screen.answer('sign in with a browser): ', 'admin\r');
  await screen.answer('Password: ', `${cli.password}\r`);
  await screen.see(`Signed in to ${cli.hub} as admin.`);
  t.expect(await screen.ended()).toBe(0);
  t.expect(screen.shown()).not.toContain(cli.password);
  t.expect(existsSync(join(cli.dir, 'second/fleetvisor/profiles.json'))).toBe(true);
});

test('a wrong password is told, and nothing is kept', async () => {
  const env = { ...cli.env, XDG_CONFIG_HOME: join(cli.dir, 'third') };
  const words = ['login', cli.hub, '--user', 'admin', '--password-stdin'];
  const { code, err } = await run([...FLEETVISOR, ...words], { cwd: cli.dir, env, input: 'not it\n' });
  expect([code, err]).toEqual([9, expect.stringContaining('user and password do not fit together')]);
  expect(existsSync(join(cli.dir, 'third/fleetvisor/profiles.json'))).toBe(false);
});

test('hosts join shows what to write on the new host', async () => {
  const { out, code } = await cli.fleetvisor('hosts', 'join', '--uses', '3', '--ttl', '30m');
  expect(out).toMatch(
    /^# Good for 3 hosts until .*\n(?:#.*\n)+curl -fsSL http\S+\/install \| sudo sh -s -- --token (\S+)\n#.*\n\[fleetvisor\]\nhub = http.*\njoin_token = \1\n$/,
  );
  expect(code).toBe(0);
});

test('completion offers verbs, options and targets, and a script for each shell', async () => {
  const words = async (...typed: string[]) =>
    (await cli.fleetvisor('completion', 'words', '--', ...typed)).out.trimEnd().split('\n');
  expect(await words('st')).toEqual(['status', 'start', 'stop']);
  expect(await words('hosts', 'a')).toEqual(['add']);
  expect(await words('stop', '--dr')).toEqual(['--dry-run']);
  expect(await words('stop', 'h1/web:')).toEqual(['h1/web:web_00', 'h1/web:*', 'h1/web:web_01']);
  for (const shell of ['bash', 'zsh', 'fish']) {
    expect((await cli.fleetvisor('completion', shell)).out).toContain('completion words');
  }
});

test('bash completes a target with the printed script', async () => {
  const script = join(cli.dir, 'completion.bash');
  writeFileSync(script, (await cli.fleetvisor('completion', 'bash')).out);
  const alias = join(cli.dir, 'fleetvisor');
  writeFileSync(alias, `#!/bin/sh\nexec ${FLEETVISOR.map((word) => `'${word}'`).join(' ')} "$@"\n`, {
    mode: 0o755,
  });
  const line = 'fleetvisor stop h2/so';
  const ask = `source ${script}; COMP_LINE='${line}'; COMP_POINT=${line.length}; _fleetvisor; echo "\${COMPREPLY[@]}"`;
  const env = { ...cli.env, PATH: `${cli.dir}:${process.env.PATH}` };
  expect((await run(['/bin/bash', '-c', ask], { cwd: cli.dir, env })).out).toBe('h2/solo\n');
});

test('alerts are told on a channel that is added, tried, completed and named in a rule by the command', async (t) => {
  const receiver = await httpReceiver(t);
  const added = await cli.fleetvisor('alerts', 'add-channel', 'ops', '--slack', receiver.url);
  t.expect([added.out, added.code]).toEqual(['ops is added. Try it: fleetvisor alerts test ops\n', 0]);
  t.expect((await cli.fleetvisor('alerts', 'test', 'ops')).out).toBe(
    'delivered: the receiver answered HTTP 204\n',
  );
  receiver.answer = 404;
  const failed = await cli.fleetvisor('alerts', 'test', 'ops');
  t.expect([failed.out.split('\n')[0], failed.code]).toEqual(['the receiver answered HTTP 404', 1]);
  t.expect((await cli.fleetvisor('completion', 'words', 'alerts', 'test', '')).out).toBe('ops\n');
  const rule = ['--when', 'memory', '--over', '1.5GB', '--on', 'web:*', '--for', '5m', '--channel', 'ops'];
  t.expect((await cli.fleetvisor('alerts', 'add-rule', 'Memory', ...rule)).code).toBe(0);
  await cli.fleetvisor('alerts', 'edit-rule', 'memory', '--repeat', '1h', '--severity', 'critical');
  t.expect((await cli.fleetvisor('alerts', 'rules')).out).toMatch(
    /^Memory +critical +memory over 1.5 GiB for 5 min +on web:\* +closes after 1 min +tells ops, again every 1 h$/m,
  );
  const wrong = await cli.fleetvisor('alerts', 'add-rule', 'x', '--when', 'sick');
  t.expect([wrong.code, wrong.err]).toEqual([
    2,
    t.expect.stringContaining('"sick" is nothing a rule looks for'),
  ]);
  t.expect((await cli.fleetvisor('alerts', 'remove-rule', 'memory')).code).toBe(0);
  t.expect((await cli.fleetvisor('alerts', 'remove-channel', 'ops')).code).toBe(0);
  t.expect((await cli.fleetvisor('alerts', 'channels')).out).toContain('nobody is told');
});

test('tail shows the last lines as they are in a pipe, and follows until Ctrl-C at a terminal, made harmless', async (t) => {
  const piped = await cli.fleetvisor('tail', '-n', '2', 'h1/chat');
  t.expect([piped.out, piped.code]).toEqual(['\x1b[31mtwo\x1b[0m\n\x1b]0;title\x07three\n', 0]);
  const screen = openTerminal(t, [...FLEETVISOR, 'tail', '-f', 'h1/chat'], { cwd: cli.dir, env: cli.env });
  await screen.see('one\r\ntwo\r\nthree\r\n');
  await onFirst('sendProcessStdin', 'chat', 'and now\n');
  await screen.answer('and now\r\n', '\x03');
  t.expect(await screen.ended()).toBe(0);
});

test('tails of several processes are merged, each line with its source', async () => {
  const { out } = await cli.fleetvisor('tail', '-n', '1', 'h*/chat');
  expect(out).toContain('h1/chat:chat | ');
  expect(out).toContain('h2/chat:chat | ');
});

test('a host that stops answering is shown with since and why, its processes stale; the exit status is 4', async () => {
  const silent = hosts[1] as TestSupervisor;
  silent.child.kill('SIGSTOP');
  try {
    const { out } = await until(
      'h2 is unreachable',
      async () => {
        const seen = await cli.fleetvisor('status');
        return seen.code === 4 ? seen : null;
      },
      { withinMs: 40_000 },
    );
    expect(out).toMatch(/^h2: unreachable since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, .* ago \(.+\)/m);
    expect(out).toMatch(/^h2\/solo +RUNNING +stale, last seen: pid/m);
    expect(out).toMatch(/^h1\/solo +RUNNING +pid/m);
  } finally {
    silent.child.kill('SIGCONT');
  }
});

test('--host and --env narrow a selector; all is everything, as supervisorctl has it', async () => {
  expect((await cli.fleetvisor('status', 'all')).out).toContain('h2/solo');
  const narrowed = await cli.fleetvisor('stop', '--host', 'h1', 'group', 'web', 'solo', '--dry-run');
  expect(narrowed.out).toContain('Will stop 3 processes on 1 host:\n  h1: solo web:web_00 web:web_01\n');
  expect((await cli.fleetvisor('status', '--env', 'nowhere')).code).toBe(6);
  expect((await cli.fleetvisor('stop', 'h1/solo', '--host', 'h1')).err).toContain('says where already');
  expect((await cli.fleetvisor('stop', '--dry-run')).code).toBe(2);
});

test('the shell completes hosts, groups and processes, runs commands, follows logs, and keeps its history', async (t) => {
  const env = { ...cli.env, XDG_STATE_HOME: join(cli.dir, 'state') };
  const screen = openTerminal(t, [...FLEETVISOR, 'shell'], { cwd: cli.dir, env });
  await screen.see(`${cli.hub} has 2 hosts`);
  // A Tab of its own read, as from a finger: readline takes one within pasted text for a blank.
  const tab = async (typed: string, completed: string): Promise<void> => {
    screen.type(typed);
    await screen.answer(typed, '\t');
    await screen.see(completed);
  };
  await screen.see('fleetvisor> ');
  await tab('stat', 'us ');
  await tab('h1/so', 'lo ');
  screen.type('\r');
  await screen.see('RUNNING');
  await screen.see('fleetvisor> ');
  await tab('stop group w', 'eb ');
  screen.type('\r');
  await screen.answer('[y/N] ', 'n\r');
  await screen.answer('fleetvisor> ', 'tail -f h1/chat\r');
  await screen.answer('three', '\x03');
  await screen.answer('fleetvisor> ', 'status "h1\r');
  await screen.see('is not closed');
  await screen.answer('fleetvisor> ', 'half a line\x03');
  screen.type('nonsense\r');
  await screen.see("unknown command 'nonsense'");
  await screen.answer('fleetvisor> ', 'quit\r');
  t.expect(await screen.ended()).toBe(0);
  const path = join(cli.dir, 'state/fleetvisor/shell-history');
  t.expect(statSync(path).mode & 0o777).toBe(0o600);
  t.expect(readFileSync(path, 'utf8')).toContain('tail -f h1/chat\n');
  const again = openTerminal(t, [...FLEETVISOR, 'shell'], { cwd: cli.dir, env });
  await again.answer('fleetvisor> ', '\x1b[A');
  await again.answer('nonsense', '\x04\x03\x04');
  t.expect(await again.ended()).toBe(0);
});

test('the shell in a pipe runs line after line and ends at the first that fails, with its status', async () => {
  const lines = 'status h1/solo\n# a comment\nstop h1/web:*\nstatus h2/solo\n';
  const { out, err, code } = await run([...FLEETVISOR, 'shell'], {
    cwd: cli.dir,
    env: cli.env,
    input: lines,
  });
  expect([code, err]).toEqual([11, expect.stringContaining('--yes')]);
  expect(out).toContain('h1/solo');
  expect(out).not.toContain('h2/solo');
});
