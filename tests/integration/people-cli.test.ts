import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { FLEETVISOR, type FleetCli, startFleetCli } from '../support/fleet-cli.ts';
import { run, startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const hubVerb = (cli: FleetCli, ...words: string[]) =>
  run([...FLEETVISOR, 'hub', ...words, '--data', join(cli.dir, 'data')], { cwd: cli.dir, env: cli.env });

test('the command adds, grants and disables people, lists tokens and shows who did it by which way', async (t) => {
  const cli = await startFleetCli(t);
  const added = await cli.fleetvisor(
    'users',
    'add',
    'mei',
    '--grant',
    'operator@env=stage/web:*',
    '--grant',
    'viewer',
  );
  expect(added.out).toMatch(/^mei may sign in with the password ([a-z2-9]{5}-){3}[a-z2-9]{5}\n$/);
  expect((await cli.fleetvisor('users')).out).toContain('mei    operator on env=stage/web:*; viewer on *  -');
  expect(await cli.fleetvisor('users', 'add', 'x', '--grant', 'boss')).toMatchObject({ code: 2 });
  expect((await cli.fleetvisor('users', 'grant', 'mei', '--grant', 'viewer@web[1')).code).not.toBe(0);
  const narrow = ['--grant', 'operator(see-fleet,read-logs)@web:*', '--grant', 'admin(manage-hosts)'];
  expect((await cli.fleetvisor('users', 'grant', 'mei', ...narrow)).code).toBe(0);
  expect((await cli.fleetvisor('users')).out).toContain(
    'operator on web:*, only see-fleet and read-logs; admin on *, only manage-hosts',
  );
  expect((await cli.fleetvisor('users', 'grant', 'mei', '--grant', 'viewer(fly)')).err).toContain(
    '"fly" is no right',
  );
  expect((await cli.fleetvisor('users', 'sign-in-by', 'mei', 'oidc')).err).toContain('this hub has no oidc');
  const token =
    /fvt_[\w-]+/.exec(readFileSync(join(cli.dir, 'config/fleetvisor/profiles.json'), 'utf8'))?.[0] ?? '';
  const elsewhere = { ...cli.env, XDG_CONFIG_HOME: join(cli.dir, 'elsewhere') };
  const keep = (input: string) =>
    run([...FLEETVISOR, 'login', cli.hub, '--token-stdin'], { cwd: cli.dir, env: elsewhere, input });
  expect((await keep('fvt_wrong\n')).code).toBe(9);
  expect((await keep(`${token}\n`)).err).toContain(`Signed in to ${cli.hub} as admin.`);
  expect((await run([...FLEETVISOR, 'users'], { cwd: cli.dir, env: elsewhere })).out).toContain('mei');
  await cli.fleetvisor('users', 'disable', 'mei');
  expect((await cli.fleetvisor('users')).out).toMatch(/mei .*disabled/);
  expect(await cli.fleetvisor('users', 'disable', 'admin')).toMatchObject({ code: 2 });
  const [row] = JSON.parse((await cli.fleetvisor('tokens', '--json')).out);
  expect(row.usedAtMs).toBeGreaterThan(0);
  const asText = await cli.fleetvisor('audit', 'users', '--limit', '4');
  expect(asText.out).toMatch(/ ended +admin .* PATCH \/users\/:id mei +200 done\n/);
  expect(asText.out).not.toContain(' begun '); // each stands with its end
  expect(asText.err).toMatch(/^Older rows: fleetvisor audit --before \d+\n$/);
  expect((await cli.fleetvisor('audit', 'no such words')).err).toBe('Nothing in the audit fits.\n');
  expect((await cli.fleetvisor('actions')).err).toBe('No action yet.\n');
  const audit = JSON.parse((await cli.fleetvisor('audit', '/users', '--json')).out);
  expect(audit.rows[0]).toMatchObject({ actor: 'admin', way: `cli ${row.id}`, what: 'PATCH /users/:id' });
  expect((await cli.fleetvisor('tokens', 'revoke', row.id)).code).toBe(0);
  expect((await cli.fleetvisor('users')).code).toBe(9);
});

test('signing out ends the token at the hub, and is not held up by a hub that is away', async (t) => {
  const cli = await startFleetCli(t);
  const file = join(cli.dir, 'config/fleetvisor/profiles.json');
  const kept = readFileSync(file, 'utf8');
  const token = /fvt_[\w-]+/.exec(kept)?.[0];
  expect((await cli.fleetvisor('logout')).err).toContain('its token is ended there and forgotten here');
  const asked = await fetch(`${cli.hub}/api/v1/session`, { headers: { authorization: `Bearer ${token}` } });
  expect(asked.status).toBe(401);
  expect(await cli.fleetvisor('logout')).toMatchObject({ code: 0, err: 'There is no token to forget.\n' });
  writeFileSync(file, kept.replaceAll(cli.hub, 'http://127.0.0.1:1'));
  const away = await cli.fleetvisor('logout');
  expect(away.code).toBe(8);
  expect(away.err).toContain('forgotten here, but the hub may still take it');
  expect(readFileSync(file, 'utf8')).not.toContain('fvt_');
});

test('abuse 6: names of strangers reach a terminal without their escapes', async (t) => {
  const cli = await startFleetCli(t);
  await fetch(`${cli.hub}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: '\u001b]0;owned\u0007\u001b[2J\nforged line', password: 'wrong password' }),
  });
  const { out } = await cli.fleetvisor('audit', 'forged');
  expect(out).toContain('forged line');
  expect(out).not.toMatch(/[\u0007\u001b]/);
  expect(out.trim().split('\n')).toHaveLength(1);
});

test('a protected environment asks a script for its name, and --yes does not stand for it', async (t) => {
  const cli = await startFleetCli(t);
  const config = '[program:web]\ncommand=/bin/sleep 1000\nstartsecs=0\n';
  const supervisor = await startSupervisor(t, 'supervisord', { config });
  await cli.fleetvisor('hosts', 'add', 'p1', `unix://${supervisor.socketPath}`, '--env', 'prod');
  await until('it runs', async () => (await cli.fleetvisor('status')).out.includes('RUNNING'));
  const db = new Sqlite(join(cli.dir, 'data/fleetvisor.db'));
  db.exec(`insert into settings values ('protected_env', '["prod"]')`);
  db.close();
  const refused = await cli.fleetvisor('stop', 'p1/web', '--yes');
  expect([refused.code, refused.err]).toEqual([11, expect.stringContaining('prod is protected')]);
  expect((await cli.fleetvisor('stop', 'p1/web', '--yes', '--confirm', 'stage')).code).toBe(11);
  expect((await cli.fleetvisor('stop', 'p1/web', '--confirm', 'prod')).code).toBe(0);
});

test('H41: audit-verify names the row that was edited by hand, beside the running hub', async (t) => {
  const cli = await startFleetCli(t);
  expect((await hubVerb(cli, 'add-user', 'mei', '--role', 'operator')).code).toBe(0);
  expect((await hubVerb(cli, 'users')).out).toContain('mei: operator on *');
  expect((await hubVerb(cli, 'disable-user', 'mei')).code).toBe(0);
  expect((await hubVerb(cli, 'api-token', '--user', 'mei')).err).toContain('mei is disabled');
  expect((await hubVerb(cli, 'disable-user', 'mei', '--enable')).code).toBe(0);
  expect((await hubVerb(cli, 'audit-verify')).out).toMatch(/^the audit is whole: \d+ rows/);
  expect((await cli.fleetvisor('audit', 'hub add-user')).out).toContain('hub add-user mei');
  const db = new Sqlite(join(cli.dir, 'data/fleetvisor.db'));
  db.exec(
    "drop trigger audit_keeps_words; update audit set target = 'eve' where target = 'mei' and kind = 'begun'",
  );
  const { seq } = db.prepare("select seq from audit where target = 'eve'").get() as { seq: number };
  db.close();
  const broken = await hubVerb(cli, 'audit-verify');
  expect([broken.code, broken.err]).toEqual([
    1,
    expect.stringContaining(`row ${seq} is not as it was written`),
  ]);
});
