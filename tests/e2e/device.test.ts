import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { FLEETVISOR } from '../support/fleet-cli.ts';
import { startTestHub } from '../support/hub.ts';
import { CLIENT, startProvider } from '../support/oidc.ts';
import { freePort, type Lifetime, run, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const CODE = /\n {4}([B-Z]{4}-[B-Z]{4})\n/;

/** `fleetvisor login --browser`, until it ends. */
function login(t: Lifetime, hub: string, dir: string, ...more: string[]) {
  const [file = '', ...words] = [...FLEETVISOR, 'login', hub, '--browser', ...more];
  const env = { ...process.env, XDG_CONFIG_HOME: join(dir, 'config') };
  const child = spawn(file, words, { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  const ended = new Promise<number | null>((done) => child.on('close', done));
  t.onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const code = async (): Promise<string> => {
    await until('it shows a code', () => CODE.test(err));
    return CODE.exec(err)?.[1] ?? '';
  };
  return { env, ended, code, err: () => err, interrupt: () => void child.kill('SIGINT') };
}

test('who signs in by a provider lets the command in with a browser, without a script and in Chinese; or turns it away', async (t) => {
  const dir = tempDir(t);
  writeFileSync(join(dir, 'roles'), 'web-team -> operator\n');
  writeFileSync(join(dir, 'secret'), CLIENT.secret);
  const port = await freePort();
  const hub = await startTestHub(t, {
    args: [
      ...['--oidc-issuer', `http://localhost:${port}`, '--oidc-client-id', CLIENT.id],
      ...['--oidc-client-secret-file', join(dir, 'secret'), '--group-roles', join(dir, 'roles')],
    ],
  });
  await startProvider(t, () => [`${hub.hub.address}/sign-in/oidc/callback`], port);
  const browser = await launchBrowser();
  t.onTestFinished(() => browser.close());
  const plain = await browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN' });
  const page = await plain.newPage();

  const command = login(t, hub.hub.address, dir, '--at-most', 'viewer', '--expires', '7d');
  const code = await command.code();
  t.expect(command.err()).toContain(`Open  ${hub.hub.address}/device  in a browser`);
  await page.goto(`${hub.hub.address}/device`);
  await page.click('text=Single sign-on');
  await page.click('text=Sign in');
  await page.waitForURL(`${hub.hub.address}/device`);
  await page.fill('[name=code]', 'BCDF-BCDF');
  await page.click('button.primary');
  t.expect(await page.textContent('.notice.m-fatal b')).toBe('没有命令在等待此代码。');
  await page.fill('[name=code]', code.toLowerCase());
  await page.click('button.primary');
  t.expect(await page.textContent('p.code')).toBe(code);
  const told = (await page.textContent('.facts')) ?? '';
  for (const words of ['fleetvisor CLI on', '127.0.0.1', '与您的浏览器相同']) t.expect(told).toContain(words);
  t.expect(await page.locator('[name=password]').count()).toBe(0);
  t.expect(await page.inputValue('[name=ttl]')).toBe(String(7 * 86_400_000));
  await page.click('[value=approve]');
  t.expect(await page.textContent('[role=status]')).toContain('命令已登录');
  t.expect(await command.ended).toBe(0);
  t.expect(command.err()).toContain(`Signed in to ${hub.hub.address} as mei.`);
  const kept = join(dir, 'config/fleetvisor/profiles.json');
  t.expect(statSync(kept).mode & 0o777).toBe(0o600);
  t.expect(command.err()).not.toContain(JSON.parse(readFileSync(kept, 'utf8')).profiles[0].token);
  const tokens = await run([...FLEETVISOR, 'tokens'], { cwd: dir, env: command.env });
  t.expect(tokens.out).toMatch(/mei +fleetvisor CLI on .* viewer on \* /);

  const other = login(t, hub.hub.address, dir);
  await page.goto(`${hub.hub.address}/device?code=${await other.code()}`);
  await page.click('[value=deny]');
  t.expect(await page.textContent('[role=status]')).toContain('已拒绝该命令');
  t.expect(await other.ended).toBe(10);
  t.expect(other.err()).toContain('turned away in the browser');
});

test('with a password kept here it is asked for once more, a wrong one changes nothing, and Ctrl-C gives up', async (t) => {
  const dir = tempDir(t);
  const hub = await startTestHub(t);
  const browser = await launchBrowser();
  t.onTestFinished(() => browser.close());
  const page = await (await openContext(browser, 'phone', 'dark')).newPage();
  const complaints = complaintsOf(page);
  const command = login(t, hub.hub.address, dir);
  const code = await command.code();
  await page.goto(`${hub.hub.address}/device?code=${code}`);
  await page.fill('[name=user]', 'admin');
  await page.fill('[name=password]', hub.password);
  await page.click('#sign-in button');
  await page.waitForSelector('p.code');
  await page.fill('[name=password]', 'a guess of a thief');
  await page.click('[value=approve]');
  t.expect(await page.textContent('.notice.m-fatal b')).toBe('This password or code does not fit.');
  await page.fill('[name=password]', hub.password);
  await page.click('[value=approve]');
  await page.waitForSelector('text=The command is signed in.');
  t.expect(await command.ended).toBe(0);
  const given = login(t, hub.hub.address, dir);
  await given.code();
  given.interrupt();
  t.expect(await given.ended).toBe(130);
  t.expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);
});
