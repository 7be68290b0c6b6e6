import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds } from '../support/axe.ts';
import { consoleOn, type HubConsole } from '../support/console-on-hub.ts';
import type { TestHub } from '../support/hub.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { startSupervisor } from '../support/supervisors.ts';
import { twoEnvironments } from '../support/two-environments.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let web: HubConsole;
const lifetime = sharedLifetime();
const CHATTY = `[program:chatty]
command=/bin/sh -c 'printf "\\033[32mgreen\\033[0m <b>words</b>\\n"; exec sleep 1000'
startsecs=0
stdout_logfile={dir}/chatty.log
`;

beforeAll(async () => {
  hub = await twoEnvironments(lifetime);
  web = await consoleOn(hub);
});

afterAll(async () => {
  await web.close();
});

const stateOf = async (host: string, name: string): Promise<string> => {
  const { body } = await hub.ask('GET', `/processes?selector=${host}/${name}:*`);
  return body[0].state;
};
const plainPage = async (): Promise<Page> =>
  (await web.browser.newContext({ javaScriptEnabled: false })).newPage();

test('without JavaScript one signs in, sees the fleet, and stops a process after its plan', async () => {
  const page = await plainPage();
  await page.goto(`${hub.hub.address}/processes`);
  await page.fill('#user', 'admin');
  await page.fill('#password', 'not this one');
  await page.click('button[type=submit]');
  expect(await page.innerText('.notice.m-fatal:not([hidden])')).toContain('Name or password is wrong.');
  expect(await page.inputValue('#user')).toBe('admin');
  await page.fill('#password', hub.password);
  await page.click('button[type=submit]');
  expect(new URL(page.url()).pathname).toBe('/processes');
  expect(await page.innerText('main')).toContain('This page works without its script.');
  await page.goto(`${hub.hub.address}/processes/stage-1/web:web`);
  await page.click('.page-head button:has-text("Stop")');
  expect(await page.innerText('.sentence')).toContain('1 process on 1 host');
  expect(await stateOf('stage-1', 'web')).toBe('RUNNING');
  await page.click('button:has-text("Stop 1 process")');
  expect(new URL(page.url()).pathname).toMatch(/^\/actions\/./);
  await until('stopped', async () => (await stateOf('stage-1', 'web')) === 'STOPPED');
  await page.goto(`${hub.hub.address}/processes/stage-1/web:web`);
  await page.click('.page-head button:has-text("Start")');
  await page.click('.plan-form button[type=submit]');
  await until('running again', async () => (await stateOf('stage-1', 'web')) === 'RUNNING');
});

test('without JavaScript a protected environment asks for its name, and a wrong one changes nothing', async () => {
  await hub.ask('PATCH', '/settings', { protectedEnvironments: ['prod'] });
  const page = await web.open('/groups/db', { script: 'off' });
  await page.click('.page-head [data-verb="stop"]');
  expect(await page.innerText('.typed')).toContain('prod is protected');
  await page.fill('[name=word]', 'stage');
  await page.click('.plan-form button[type=submit]');
  expect(await page.innerText('.notice.m-fatal')).toContain('The word typed does not fit.');
  expect(await stateOf('prod-1', 'db')).toBe('RUNNING');
  await page.fill('[name=word]', 'prod');
  await page.click('.plan-form button[type=submit]');
  await until('both stopped', async () => (await stateOf('prod-1', 'db')) === 'STOPPED');
  await hub.ask('PATCH', '/settings', { protectedEnvironments: [] });
});

test('without JavaScript the last lines of a log can be read', async () => {
  const supervisor = await startSupervisor(lifetime, 'supervisord', { config: CHATTY });
  await hub.ask('POST', '/hosts', { name: 'talk-1', url: `unix://${supervisor.socketPath}` });
  await until(
    'it runs',
    async () => (await hub.ask('GET', '/processes?selector=talk-1/*')).body.length === 1,
  );
  const page = await web.open('/processes/talk-1/chatty:chatty', { script: 'off' });
  await page.click('.plain-logs a');
  expect(await page.innerText('.plain-logs pre')).toMatch(/^\d\d:\d\d:\d\d green <b>words<\/b>$/m);
});

test('a form of another site, or without the session’s token, changes nothing', async () => {
  const { cookie, csrf } = hub.session;
  const send = async (token: string, headers: Record<string, string> = {}): Promise<number> => {
    const body = new URLSearchParams({ csrf: token, do: 'stop prod-1/web:web' }).toString();
    const form = { cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers };
    return (await hub.raw('POST', '/act', form, body)).status;
  };
  expect(await send('nonsense')).toBe(422);
  expect(await send(csrf, { origin: 'https://evil.example' })).toBe(422);
  expect(await stateOf('prod-1', 'web')).toBe('RUNNING');
  expect(await send(csrf)).toBe(303);
  await until('stopped', async () => (await stateOf('prod-1', 'web')) === 'STOPPED');
});

test('when the script does not load, the page says so and its buttons still work', async () => {
  const context = await web.browser.newContext({ reducedMotion: 'reduce' });
  await context.route('**/console-*.js', (route) => route.abort());
  const page = await context.newPage();
  await page.goto(`${hub.hub.address}/sign-in`);
  await page.fill('#user', 'admin');
  await page.fill('#password', hub.password);
  await page.click('button[type=submit]');
  await page.waitForSelector('#unscripted', { state: 'visible', timeout: 10_000 });
  await page.goto(`${hub.hub.address}/processes/stage-1/web:web`);
  await page.click('.page-head button:has-text("Restart")');
  expect(await page.innerText('.sentence')).toContain('1 process on 1 host');
  await context.close();
});

test('axe finds nothing on the pages as they are without a script', async () => {
  const found: string[] = [];
  const page = await web.open('/');
  await page.context().route('**/console-*.js', (route) => route.abort());
  for (const path of ['/', '/processes', '/plan?do=stop+stage-1/*', '/plan', '/settings/you']) {
    await page.goto(`${hub.hub.address}${path}`);
    found.push(...(await axeFinds(page)).map((one) => `${path} ${one}`));
  }
  expect(found).toEqual([]);
});
