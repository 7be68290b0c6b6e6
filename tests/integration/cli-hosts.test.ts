import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FleetCli, startFleetCli } from '../support/fleet-cli.ts';
import { freePort, type Lifetime, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const ends: (() => void | Promise<void>)[] = [];
const lifetime: Lifetime = { onTestFinished: (fn) => void ends.unshift(fn) };
let cli: FleetCli;
let supervisor: TestSupervisor;

beforeAll(async () => {
  [cli, supervisor] = await Promise.all([
    startFleetCli(lifetime),
    startSupervisor(lifetime, 'supervisord', {
      config: '[program:web]\ncommand=/bin/sleep 1000\nstartsecs=0\n',
    }),
  ]);
}, 120_000);

afterAll(async () => {
  for (const end of ends) await end();
});

test('an address is tried before it is added, a step a line, and the exit status tells', async () => {
  const good = await cli.fleetvisor('hosts', 'test', `unix://${supervisor.socketPath}`);
  expect(good.code).toBe(0);
  expect(good.out).toMatch(/^connect +ok +[\d.]+ ms +the socket is open$/m);
  expect(good.out).toMatch(/^answer +ok +[\d.]+ ms +supervisor 4\.2\.5, RUNNING$/m);
  const refused = await cli.fleetvisor('hosts', 'test', `http://127.0.0.1:${await freePort()}`);
  expect(refused.code).toBe(4);
  expect(refused.out).toMatch(/^connect +FAILED .*connection refused/m);
  expect(refused.out).toMatch(/^answer +- +- +not come to$/m);
  expect(refused.out).toContain('[inet_http_server]');
});

test('P1 P4 a host is added, edited, put in maintenance, disabled, removed and put back by name', async () => {
  await cli.fleetvisor('hosts', 'add', 'db-01', `unix://${supervisor.socketPath}`, '--env', 'stage');
  const edited = await cli.fleetvisor(
    'hosts',
    'edit',
    'db-01',
    '--rename',
    'db',
    '--env',
    '',
    '--tag',
    'eu',
    '--tag',
    'ssd',
  );
  expect([edited.code, edited.out]).toEqual([0, 'db is changed.\n']);
  const work = await cli.fleetvisor('hosts', 'maintenance', 'db', '--for', '2h', '--note', 'new disks');
  expect(work.out).toMatch(/^db is in maintenance until \d{4}-/);
  const listed = await until('the host with all of it', async () => {
    const { out } = await cli.fleetvisor('hosts');
    return out.includes('reachable') ? out : null;
  });
  expect(listed).toMatch(/#eu #ssd .*\[maintenance until .*: new disks\]/);
  await cli.fleetvisor('hosts', 'maintenance', 'db', '--off');
  await cli.fleetvisor('hosts', 'disable', 'db');
  expect((await cli.fleetvisor('hosts')).out).toMatch(/^db .* disabled$/m);
  await cli.fleetvisor('hosts', 'enable', 'db');
  const removed = await cli.fleetvisor('hosts', 'remove', 'db', '--yes');
  const id = /restore (\S+)/.exec(removed.out)?.[1] ?? '';
  expect((await cli.fleetvisor('hosts')).out).toContain('No hosts yet');
  expect((await cli.fleetvisor('hosts', 'restore', id)).out).toBe('db is back.\n');
  const nothing = await cli.fleetvisor('hosts', 'edit', 'db');
  expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining('nothing is to be changed')]);
  const agentOnly = await cli.fleetvisor('hosts', 'revoke', 'db', '--yes');
  expect([agentOnly.code, agentOnly.err]).toEqual([2, expect.stringContaining('has no key')]);
});

test('P2 a list is imported after a dry run; what is refused makes the exit status 1', async () => {
  const file = join(cli.dir, 'cesi.toml');
  const nodes = [1, 2].map(
    (n) =>
      `[[nodes]]\nname = "n${n}"\nhost = "127.0.0.1"\nport = "${9_100 + n}"\nusername = "u"\npassword = "canary-31"\n`,
  );
  writeFileSync(file, `${nodes.join('\n')}\n[[nodes]]\nname = "meta"\nhost = "169.254.169.254"\n`);
  const dry = await cli.fleetvisor('hosts', 'import', file, '--dry-run', '--env', 'old');
  expect(dry.code).toBe(1);
  expect(dry.out).toMatch(/^n1 +http:\/\/127\.0\.0\.1:9101 +old +with password +would be added$/m);
  expect(dry.out).toMatch(/^meta .*refused: url: is link-local/m);
  expect(dry.out).toContain('Read as cesi: 2 would be added, 0 known already, 1 refused.');
  expect(dry.out).not.toContain('canary-31');
  expect((await cli.fleetvisor('hosts', 'import', file)).out).toContain('2 added');
  expect((await cli.fleetvisor('hosts', 'import', file)).out).toContain('0 added, 2 known already');
  for (const name of ['n1', 'n2']) await cli.fleetvisor('hosts', 'remove', name, '--yes');
});

test('B34 doctor tries every host and says of each that fails what to mend', async () => {
  const port = await freePort();
  await cli.fleetvisor('hosts', 'add', 'away', `http://127.0.0.1:${port}`);
  const { out, code } = await cli.fleetvisor('doctor');
  expect(code).toBe(4);
  expect(out).toMatch(/^HOST +NAME +CONNECT +TLS +SIGN-IN +ANSWER$/m);
  expect(out).toMatch(/^away +[\d.]+ ms +FAILED +- +- +-$/m);
  expect(out).toMatch(/^db +- +[\d.]+ ms +- +[\d.]+ ms +[\d.]+ ms$/m);
  expect(out).toMatch(/^away: connection refused by .*\. See whether supervisord runs on away/m);
  expect(out).toContain('1 of 2 hosts answer.');
  expect((await cli.fleetvisor('doctor', 'db')).code).toBe(0);
});

test('H16 open join tokens are listed with their expiry and ended one by one, and an ended one lets nobody in', async () => {
  expect((await cli.fleetvisor('hosts', 'join-tokens')).out).toBe('No join token is open.\n');
  const made = await cli.fleetvisor(
    'hosts',
    'join',
    '--uses',
    '3',
    '--env',
    'prod',
    '--tag',
    'web',
    '--json',
  );
  const { id, token } = JSON.parse(made.out);
  await cli.fleetvisor('hosts', 'join');
  const listed = (await cli.fleetvisor('hosts', 'join-tokens')).out;
  expect(listed).toMatch(new RegExp(`^${id} +3 hosts +until \\d{4}-.* +prod #web +by admin$`, 'm'));
  expect(listed.trimEnd().split('\n')).toHaveLength(2);
  expect(listed).not.toContain(token);
  const ended = await cli.fleetvisor('hosts', 'join-revoke', id);
  expect([ended.code, ended.out]).toEqual([0, `${id} lets nobody join any more.\n`]);
  expect((await cli.fleetvisor('hosts', 'join-tokens')).out).not.toContain(id);
  const again = await cli.fleetvisor('hosts', 'join-revoke', id);
  expect([again.code, again.err]).toEqual([6, expect.stringContaining('hosts join-tokens')]);
  const audit = (await cli.fleetvisor('audit', id)).out;
  expect(audit).toContain('DELETE /join-tokens/:id');
  expect(audit).toContain('POST /join-tokens');
  const agent = await startSupervisor(lifetime, 'agent', {
    config: `[fleetvisor]\nhub=${cli.hub}\njoin_token=${token}\nname=stranger\n`,
  });
  await until('its refusal', () => agent.log().includes('this join token is not known here'));
});
