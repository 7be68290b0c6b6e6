import { createServer, type Server } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf } from '../support/browser.ts';
import { consoleOn, type HubConsole } from '../support/console-on-hub.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { freePort, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** What only a real supervisor can show: the way to it, what two people do to one process, and what is heard of it. */
const CONFIG = `[program:web]
command=/bin/sleep 1000
startsecs=0
[program:doomed]
command=/bin/false
autostart=false
startretries=0
[program:also]
command=/bin/false
autostart=false
startretries=0
`;
let hub: TestHub;
let web: HubConsole;
let supervisor: TestSupervisor;
let httpPort = 0;
let blackHole: Server;
const lifetime = sharedLifetime();

beforeAll(async () => {
  hub = await startTestHub(lifetime);
  httpPort = await freePort();
  const http = `[inet_http_server]\nport=127.0.0.1:${httpPort}\nusername=ops\npassword=good one\n`;
  supervisor = await startSupervisor(lifetime, 'supervisord', { config: CONFIG + http });
  const url = `unix://${supervisor.socketPath}`;
  await hub.ask('POST', '/hosts', { name: 'one', url });
  await until('its processes', async () => (await hub.ask('GET', '/processes')).body.length === 3);
  // Takes what is sent, and never says a word.
  blackHole = createServer((socket) => void socket.on('error', () => {}).resume());
  await new Promise<void>((done) => blackHole.listen(0, '127.0.0.1', done));
  web = await consoleOn(hub);
});

afterAll(async () => {
  await web.close();
  blackHole.close();
});

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
const stateOf = async (name: string): Promise<string> =>
  (await hub.ask('GET', `/processes?selector=one/${name}:*`)).body[0].state;
/** Of each step of the way: done, failed or skipped. */
const results = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('.test-step')].map(
    (one) => one.querySelector('b').textContent + ' ' + /r-(\\w+)/.exec(one.className)[1])`);

test('while a host is added the way to it is shown step by step: good, with a wrong password, and into a black hole', async () => {
  const page = await web.open('/hosts');
  const complaints = complaintsOf(page);
  await page.click('.page-head [data-do=add-host]');
  const tried = async (url: string, password: string): Promise<void> => {
    await page.fill('#add-host [name=url]', url);
    await page.fill('#add-host [name=username]', 'ops');
    await page.fill('#add-host [name=password]', password);
    const [answer] = await Promise.all([
      page.waitForResponse(/\/hosts\/test$/, { timeout: 60_000 }),
      page.click('[data-do=test-address]'),
    ]);
    await answer.finished();
  };
  const good = `http://127.0.0.1:${httpPort}/RPC2`;
  await page.fill('#add-host [name=name]', 'two');
  await tried(good, 'good one');
  await page.waitForSelector('.steps-list + .sentence >> text=It answers.');
  expect(await results(page)).toEqual([
    'Name done',
    'Connect done',
    'TLS skipped',
    'Sign in done',
    'Answer done',
  ]);
  await tried(good, 'wrong one');
  await page.waitForSelector('.test-step.r-failed >> text=Sign in');
  expect(await results(page)).toContain('Connect done');
  expect(await page.innerText('.test-step.r-failed')).toMatch(/password/i);
  await tried(`http://127.0.0.1:${portOf(blackHole)}/RPC2`, 'good one');
  await page.waitForSelector('.test-step.r-failed >> text=Answer');
  expect(await results(page)).toContain('Connect done');
  expect(await page.innerText('.test-step.r-failed')).toMatch(/nothing within \d+ s/);
  expect(await page.inputValue('#add-host [name=name]')).toBe('two');
  await tried(good, 'good one');
  await page.waitForSelector('.steps-list + .sentence >> text=It answers.');
  await page.click('#add-host [type=submit]');
  await page.waitForURL('**/hosts/two');
  await page.waitForSelector('.page-head .m-running');
  expect(complaints).toEqual([]);
  const { body } = await hub.ask('GET', '/hosts');
  await hub.ask('DELETE', `/hosts/${body.find((host: { name: string }) => host.name === 'two').id}`);
});

test('two people stop one process in the same moment: it is stopped once, and each is told what became of theirs', async () => {
  const pages = await Promise.all(
    (['light', 'dark'] as const).map((theme) => web.open('/processes/one/web:web', { theme })),
  );
  for (const page of pages) {
    await page.click('.page-head [data-verb=stop]');
    await page.waitForSelector('[data-do=run]:not([disabled])');
  }
  await Promise.all(pages.map((page) => page.click('[data-do=run]')));
  for (const page of pages) await page.waitForSelector('.page-head.m-stopped');
  const actions = await until('both to end', async () => {
    const { body } = await hub.ask('GET', '/actions');
    const stops = body.filter(({ verb }: { verb: string }) => verb === 'stop');
    return (
      stops.length === 2 && stops.every((one: { finishedAtMs: number | null }) => one.finishedAtMs) && stops
    );
  });
  const stopped = supervisor.log().match(/stopped: web/g);
  expect(stopped).toHaveLength(1);
  for (const [at, page] of pages.entries()) {
    await page.goto(`${web.address}/actions/${actions[at].id}`);
    // Whose click came after the other's stop had ended had nothing left to stop.
    const report = await page.waitForSelector('.targets-list .outcome.k-done, #main > .sentence');
    expect(await report.innerText()).toMatch(/^STOPPED$|^Nothing was left to do/);
  }
  await hub.ask('POST', '/actions', { verb: 'start', selector: 'one/web:*' });
  await until('it to run again', async () => (await stateOf('web')) === 'RUNNING');
});

test('a new FATAL sounds once for who asked for it, and never after it was muted', async () => {
  const page = await web.open('/', { theme: 'dark', width: 'phone' });
  await page.addInitScript(`
    const Real = window.AudioContext;
    window.heard = [];
    window.AudioContext = class extends Real {
      constructor() { super(); window.heard.push(this); }
    };`);
  await page.goto(`${web.address}/settings/you`);
  await page.waitForSelector('.live.on', { state: 'attached' });
  const heard = (): Promise<number> => page.evaluate('window.heard.length');
  const falls = async (name: string, inAll: number): Promise<void> => {
    await supervisor.startShortLived(name);
    await until('FATAL', async () => (await stateOf(name)) === 'FATAL');
    await until('the page to know', async () => (await page.title()).startsWith(`(${inAll})`));
  };
  const sound = page.locator('main [data-do=sound]');
  expect(await sound.getAttribute('aria-checked')).toBe('false');
  await sound.click();
  await page.waitForSelector('main [data-do=sound][aria-checked=true]');
  await falls('doomed', 1);
  await until('it to be heard', async () => (await heard()) === 1);
  await sound.click();
  await page.waitForSelector('main [data-do=sound][aria-checked=false]');
  await falls('also', 2);
  expect(await heard()).toBe(1);
  await page.close();
});
