import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { until } from '../support/until.ts';

/** The pages of one process, one host and one group, over an agent and a stock supervisord. */
const LONG = `名前-${'very-long-'.repeat(6)}<b>x&amp`;
const programs = (startsecs: number) => `[program:echo]
command=/bin/sh -c 'while read -r line; do echo "got $line"; done' --password=not-shown
startsecs=${startsecs}
environment=API_KEY="never-told",MODE="x"
[program:crash]
command=/bin/sh -c 'while read -r line; do echo "last <i>words</i> of $line" >&2; exit 7; done'
startsecs=0
[program:${LONG}]
command=/bin/sleep 1000
startsecs=0
[program:off]
command=/bin/sleep 1000
autostart=false
`;

let fleet: Fleet;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: readonly string[] = [];
const lifetime = sharedLifetime();

beforeAll(async () => {
  fleet = await startFleet(lifetime, [
    { name: 'new', kind: 'agent', programs: programs(0) },
    { name: 'old', kind: 'supervisord', programs: programs(1) },
  ]);
  browser = await launchBrowser();
  context = await openContext(browser, 'wide', 'light');
  page = await context.newPage();
  complaints = complaintsOf(page);
  await page.goto(`${fleet.address}/hosts/new`);
  await page.fill('#user', 'admin');
  await page.fill('#password', fleet.password);
  await page.click('button[type=submit]');
  await page.waitForSelector('.host-page');
}, 120_000);

afterAll(async () => {
  await browser?.close();
});

const at = async (path: string): Promise<void> => {
  await page.goto(fleet.address + path);
  await page.waitForSelector('.live.on', { state: 'attached' });
};
const text = (selector: string): Promise<string> => page.locator(selector).innerText();

test('a crash is listed with its last words and its number, which stands in the time band and the charts too', async () => {
  await at('/processes/new/crash:crash');
  await page.waitForSelector('.chart-line', { state: 'attached' });
  await fleet.cli('send', 'new/crash:crash', 'one');
  await page.waitForSelector('.crash[open] .last-lines');
  expect(await text('.crash[open] .crash-n')).toBe('1');
  expect(await text('.crash[open] summary b')).toBe('exit 7');
  expect(await text('.crash[open] .last-lines')).toContain('last <i>words</i> of one');
  await until(
    'its number above the band',
    async () => (await page.locator('.band-numbers text').first().textContent()) === '1',
  );
  await until('its line in both charts', async () => (await page.locator('.chart-marks line').count()) === 2);
  expect(await page.locator('.band-spans > rect').count()).toBeGreaterThan(1);
});

test('how a process is configured is shown with the names of its environment, and where those are not told, why', async () => {
  await at('/processes/new/echo:echo?tab=config');
  await page.waitForSelector('.options tr');
  expect(await page.locator('.name-list li').allInnerTexts()).toEqual(['API_KEY', 'MODE']);
  expect(await text('.options')).toContain('--password=…');
  await at('/processes/old/echo:echo?tab=config');
  await page.waitForSelector('.options tr');
  expect(await text('main')).toContain('does not tell the names of the environment');
  expect(await page.content()).not.toMatch(/never-told|not-shown/);
  await at('/processes/old/echo:echo');
  await page.waitForSelector('.band-spans > rect');
  expect(await text('.chart-panel')).toContain('A stock supervisord does not measure');
});

for (const host of ['new', 'old'])
  test(`what is typed into a process of ${host} comes out of it below, and is refused where nobody reads`, async () => {
    await at(`/processes/${host}/echo:echo?tab=input`);
    await page.fill('#input-text', 'hello 商品 <b>');
    await page.click('#send-input button');
    await page.waitForSelector('.input-told [role=status]');
    expect(await text('.input-told')).toContain('bytes sent');
    expect(await page.inputValue('#input-text')).toBe('');
    await page.waitForSelector('.log-panel >> text=got hello 商品 <b>');
    await at(`/processes/${host}/off:off?tab=input`);
    expect(await page.locator('#send-input button').isDisabled()).toBe(true);
    expect(await text('main')).toContain('no child that could read: it is STOPPED');
  });

for (const host of ['new', 'old'])
  test(`the page of ${host} shows the way to it step by step, its supervisor's log, and what an update would do`, async () => {
    await at(`/hosts/${host}`);
    await page.waitForSelector('.band-spans > rect.s-running');
    expect(await page.locator('.check-step b').allInnerTexts()).toEqual([
      'Name',
      'Connect',
      'TLS',
      'Sign in',
      'Answer',
    ]);
    await page.click('[data-do=check-host]');
    await until('the time of the last step', async () =>
      /ms$/.test(await text('.check-step:last-child .num')),
    );
    await page.click('.tabs >> text=Supervisor log');
    await page.waitForSelector(".own-lines >> text=spawned: 'echo' with pid");
    await page.click('.tabs >> text=Config');
    await page.waitForSelector('.config-one');
    expect(await page.locator('.config-one').count()).toBe(4);
    await page.click('[data-verb=reread]');
    await page.waitForSelector('.sheet-foot .primary');
    expect(await text('.sheet')).toContain(host);
    await page.keyboard.press('Escape');
    await page.click('.tabs >> text=History');
    await page.waitForSelector('.events tbody tr');
    expect(await text('.events')).not.toMatch(/[<>"]/);
  });

test('the one line for a host that is to call the hub is made on its page, with a token', async () => {
  await at('/hosts/old');
  await page.click('[data-do=make-join-line]');
  const line = await page.locator('.join-line code').innerText();
  expect(line).toMatch(
    /^curl -fsSL http:\/\/127\.0\.0\.1:\d+\/install \| sudo sh -s -- --token \S+ --takeover$/,
  );
});

test('a group shows what differs between its hosts, option by option, and is calm where nothing does', async () => {
  await at('/groups/echo');
  await page.waitForSelector('.drift-table tbody tr');
  const rows = await page.locator('.drift-table tbody tr').allInnerTexts();
  expect(rows).toHaveLength(1);
  expect(rows[0]?.replace(/\s+/g, ' ')).toMatch(/echo startsecs 0 on 1 old ?1/);
  await at('/groups/off');
  await page.waitForSelector('.drift-panel .panel-line');
  expect(await text('.drift-panel')).toContain('Nothing differs: 2 hosts');
  await page.click('.tabs >> text=Logs');
  await page.waitForSelector('.log-panel .log-lines');
});

test('an unreachable host keeps its last words, greyed, with the step that fails, and nothing to act on', async () => {
  fleet.hosts.get('old')?.kill('SIGSTOP');
  try {
    await at('/hosts/old');
    await page.waitForSelector('.check-step.r-failed', { timeout: 60_000 });
    expect(await page.locator('.row.process.m-stale').count()).toBe(4);
    await page.waitForSelector('.band-spans > rect.s-unreachable');
    await page.click('.tabs >> text=Config');
    await page.waitForSelector('.host-page .notice.m-unreachable + .notice, .host-page .halves');
    expect(await page.locator('[data-verb=update]').isDisabled()).toBe(true);
  } finally {
    fleet.hosts.get('old')?.kill('SIGCONT');
  }
  await page.waitForSelector('.page-head .m-running', { timeout: 60_000 });
});

test('without a script the pages say the same: states, crashes, charts, configuration, differences', async () => {
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  const bare = await plain.newPage();
  await fleet.cli('send', 'new/crash:crash', 'two');
  await until(
    'a crash to be kept',
    async () => (await fleet.api('GET', '/processes/new/crash:crash/crashes')).length > 0,
  );
  await bare.goto(`${fleet.address}/processes/new/crash:crash`);
  expect(await bare.locator('.band-spans > rect').count()).toBeGreaterThan(1);
  expect(await bare.locator('.chart-line').count()).toBe(2);
  expect(await bare.locator('.crash .last-lines').first().innerText()).toContain('last <i>words</i>');
  await bare.goto(`${fleet.address}/processes/new/echo:echo?tab=config`);
  expect(await bare.locator('.options tr').count()).toBeGreaterThan(10);
  await bare.goto(`${fleet.address}/groups/echo?tab=drift`);
  expect(await bare.locator('.drift-table').innerText()).toContain('startsecs');
  await plain.close();
});

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TARGET = encodeURIComponent(`${LONG}:${LONG}`);
const PAGES = [
  `/processes/new/${TARGET}`,
  `/processes/new/${TARGET}?tab=config`,
  '/processes/new/crash:crash',
  '/processes/new/echo:echo?tab=input',
  '/processes/new/crash:crash?tab=history',
  '/hosts/new',
  '/hosts/old?tab=log',
  '/hosts/old?tab=config',
  '/hosts/new?tab=history',
  `/groups/${encodeURIComponent(LONG)}`,
  '/groups/echo?tab=drift',
  '/groups/echo?tab=history',
];

for (const width of ['wide', 'phone'] as const)
  for (const theme of ['light', 'dark'] as const)
    test(`axe finds nothing, and nothing scrolls sideways, also with long and hostile names (${width}, ${theme})`, async () => {
      const its = await openContext(browser, width, theme);
      await its.addCookies((await context.storageState()).cookies);
      const own = await its.newPage();
      const grumbles = complaintsOf(own);
      const found: string[] = [];
      for (const path of PAGES) {
        await own.goto(fleet.address + path);
        await own.waitForSelector('.live.on', { state: 'attached' });
        await until('all to be there', async () => (await own.locator('main .skeleton').count()) === 0);
        const wider = await own.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        if (wider > 0) found.push(`${path}: ${wider} px too wide`);
        await own.evaluate(readFileSync(AXE, 'utf8'));
        const says = await own.evaluate<
          string[]
        >(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
          violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target.join(' '))))`);
        found.push(...says.map((one) => `${path}: ${one}`));
      }
      expect(found).toEqual([]);
      expect(grumbles).toEqual([]);
      await its.close();
    });

test('none of it made the page complain', () => {
  expect(complaints).toEqual([]);
});
