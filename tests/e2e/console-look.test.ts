import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildWeb } from '../../scripts/build-web.mjs';
import type { ActionTarget, Outcome } from '../../src/fleet/action.ts';
import { axeFinds, axeInBothThemes } from '../support/axe.ts';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { type ConsoleHarness, consoleHarness } from '../support/console-harness.ts';
import { largeFleet, madeUpFleet } from '../support/made-up-fleet.ts';
import { until } from '../support/until.ts';

const nowMs = (): number => Date.now();
let assetsFolder: string;
let browser: Browser;
let hub: ConsoleHarness;

beforeAll(async () => {
  assetsFolder = await mkdtemp(join(tmpdir(), 'console-'));
  await buildWeb(assetsFolder);
  browser = await launchBrowser();
  hub = await consoleHarness({ fleet: madeUpFleet(nowMs()), assetsFolder, nowMs });
});

afterAll(async () => {
  await browser.close();
  await hub.close();
  await rm(assetsFolder, { recursive: true });
});

const PAGES = [
  '/',
  '/processes',
  '/processes?env=prod&by=host&fold=0&sort=-cpu',
  '/processes?text=nothing-is-called-so',
  '/processes/web-03/web:gunicorn_02',
  '/processes/api-02/api:outbox',
  '/groups',
  '/groups/web',
  '/hosts',
  '/hosts/work-02',
  '/logs',
  '/logs?target=web-01/web:static&target=web-03/web:gunicorn_02',
  '/actions',
  '/actions/a-101',
  '/alerts',
  '/settings/alerts',
  '/schedules',
  '/schedules/s_1',
];

/** What a page opens over itself: by a key or a click, and how it is known to be there. */
interface OverPage {
  readonly path: string;
  readonly open: string;
  readonly seen: string;
}
const ON_EVERY_WIDTH: readonly OverPage[] = [
  { path: '/', open: 'key Control+k', seen: '.found' },
  { path: '/', open: 'key ?', seen: '.sheet' },
  { path: '/groups/web', open: '.page-head [data-verb=stop]', seen: '.sheet [data-do=run]' },
  { path: '/hosts', open: '[data-do=add-host]', seen: '.sheet' },
  { path: '/hosts/api-02', open: '.more-verbs', seen: '.menu' },
  { path: '/alerts', open: '[data-do=ack-alert]', seen: '.sheet' },
  { path: '/schedules', open: '[data-do=edit-schedule]', seen: '.schedule-times li' },
  { path: '/schedules', open: '[data-do=run-schedule]', seen: '.sheet .schedule-preview' },
  { path: '/settings/alerts', open: '[data-do=add-rule]', seen: '.sheet .field' },
  { path: '/settings/alerts', open: '[data-do=edit-channel]', seen: '.sheet .field' },
];
const OVER_PAGES: Readonly<Record<'wide' | 'phone', readonly OverPage[]>> = {
  wide: [
    ...ON_EVERY_WIDTH,
    { path: '/processes', open: '.columns-button', seen: '.columns-menu' },
    { path: '/processes', open: '.views-button', seen: '.menu' },
    { path: '/', open: '.pill', seen: '.menu' },
  ],
  phone: [...ON_EVERY_WIDTH, { path: '/processes', open: '.row.process .row-more', seen: '.menu' }],
};

async function signedIn(width: 'wide' | 'phone', theme: 'light' | 'dark', at = hub) {
  const context = await openContext(browser, width, theme);
  await context.addCookies([{ name: 'session', value: 'yes', url: at.url }]);
  return context;
}

const widerThanScreen = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

for (const width of ['wide', 'phone'] as const) {
  test(`every page draws without an error, a blocked style, sideways scrolling or anything axe finds in either theme (${width})`, async () => {
    const context = await signedIn(width, 'light');
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const found: string[] = [];
    for (const path of PAGES) {
      const answer = await page.goto(`${hub.url}${path}`);
      expect(answer?.status(), path).toBe(200);
      await page.waitForSelector('.live.on', { state: 'attached' });
      expect(await widerThanScreen(page), path).toBeLessThanOrEqual(0);
      found.push(...(await axeInBothThemes(page, path)));
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test(`axe finds nothing on what opens over a page, nor where one signs in (${width})`, async () => {
    const context = await signedIn(width, 'light');
    const page = await context.newPage();
    const found: string[] = [];
    for (const { path, open, seen } of OVER_PAGES[width]) {
      await page.goto(`${hub.url}${path}`);
      await page.waitForSelector('.live.on', { state: 'attached' });
      await (open.startsWith('key ') ? page.keyboard.press(open.slice(4)) : page.click(open));
      await page.waitForSelector(seen);
      found.push(...(await axeInBothThemes(page, `${path} ${open}`)));
    }
    await context.clearCookies();
    await page.goto(hub.url);
    await page.waitForSelector('#password');
    found.push(...(await axeInBothThemes(page, '/sign-in')));
    expect(found).toEqual([]);
    await context.close();
  });
}

test('in Chinese too no page scrolls sideways, on a phone, and axe finds nothing', async () => {
  const context = await signedIn('phone', 'light');
  await context.addCookies([{ name: 'fv_language', value: 'zh', url: hub.url }]);
  const page = await context.newPage();
  const found: string[] = [];
  for (const path of ['/', '/processes', '/hosts/work-02', '/groups/web', '/logs', '/actions/a-101']) {
    await page.goto(`${hub.url}${path}`);
    await page.waitForSelector('html[lang=zh-CN] .live.on', { state: 'attached' });
    expect(await widerThanScreen(page), path).toBeLessThanOrEqual(0);
    found.push(...(await axeFinds(page)).map((one) => `${path} ${one}`));
  }
  expect(found).toEqual([]);
  await context.close();
});

const WIDTHS = [320, 390, 720, 1024, 1400];
/** What reaches over the right edge of what holds it; a table in a box of its own may scroll. */
const REACHING_OUT = `['html', '#main', '.top', '.fleet', '.page-head', '.panel']
  .flatMap((held) => [...document.querySelectorAll(held)].filter((one) => one.clientWidth > 0)
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => held + ' ' + one.className + ' by ' + (one.scrollWidth - one.clientWidth)))`;

test('no page, nor a part of one, is wider than its place on any screen from 320 to 1400 px', async () => {
  const context = await signedIn('wide', 'light');
  const page = await context.newPage();
  const found: string[] = [];
  for (const path of PAGES) {
    await page.goto(`${hub.url}${path}`);
    await page.waitForSelector('.live.on', { state: 'attached' });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      found.push(...(await page.evaluate<string[]>(REACHING_OUT)).map((one) => `${path} ${width}: ${one}`));
    }
  }
  expect(found).toEqual([]);
  await context.close();
});

test('an anonymous browser is sent to sign in and comes back to where it wanted to go', async () => {
  const context = await openContext(browser, 'wide', 'light');
  const page = await context.newPage();
  await page.goto(`${hub.url}/processes?env=prod`);
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  await page.fill('#user', 'mei');
  await page.fill('#password', 'wrong');
  await page.click('button[type=submit]');
  await page.waitForSelector('#wrong:not([hidden])');
  await page.fill('#password', 'right');
  await page.click('button[type=submit]');
  await page.waitForURL(`${hub.url}/processes?env=prod`);
  await context.close();
});

test('the first paint holds the fleet, before any script ran', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  await context.addCookies([{ name: 'session', value: 'yes', url: hub.url }]);
  const page = await context.newPage();
  await page.goto(hub.url);
  expect(await page.locator('.problem').count()).toBe(4);
  await page.goto(`${hub.url}/processes`);
  expect(await page.locator('.row.process').count()).toBeGreaterThan(5);
  await context.close();
});

test('a change reaches its row; filter, selection and scroll stay as they were', async () => {
  const own = await consoleHarness({ fleet: madeUpFleet(nowMs()), assetsFolder, nowMs });
  const context = await signedIn('wide', 'light', own);
  const page = await context.newPage();
  await page.goto(`${own.url}/processes?by=none&fold=0`);
  await page.waitForSelector('.live.on');
  await page.fill('#filter', 'web-01');
  const row = page.locator('.row.process[data-target="web-01/web:static"]');
  await row.locator('.tick').click();
  await page.waitForSelector('.bulk');
  const process = madeUpFleet(nowMs()).processes.find(
    ({ hostId, name }) => hostId === 'h-web-01' && name === 'static',
  );
  if (process === undefined) throw new Error('no such process');
  own.change({ processes: [{ ...process, state: 'STOPPED', pid: 0 }] });
  await page.waitForSelector('.row.process.m-stopped[data-target="web-01/web:static"]');
  expect(await page.inputValue('#filter')).toBe('web-01');
  expect(await row.getAttribute('aria-selected')).toBe('true');
  expect(new URL(page.url()).search).toContain('text=web-01');
  await context.close();
  await own.close();
});

test('stop on a group shows exactly what it will touch, and sends exactly that', async () => {
  const context = await signedIn('wide', 'light');
  const page = await context.newPage();
  await page.goto(`${hub.url}/groups/web`);
  await page.waitForSelector('.live.on');
  await page.click('.page-head [data-verb=stop]');
  await page.waitForSelector('[data-do=run]');
  expect(await page.innerText('.sentence')).toMatch(/^26 processes on 6 hosts/);
  await page.click('.sheet-tick[data-host="stage-01"]');
  await page.getByRole('button', { name: 'Stop 23 processes' }).click();
  await page.waitForURL(/\/actions\//);
  const sent = hub.asked.findLast(({ method, path }) => method === 'POST' && path === '/actions');
  const body = JSON.stringify(sent?.body);
  expect(JSON.parse(body)).toMatchObject({ verb: 'stop', selector: 'group web', only: { length: 23 } });
  expect(body).not.toContain('stage-01/');
  await context.close();
});

test('keys: filter, move, tick, stop opens a plan, Esc goes back, g and a letter change the page', async () => {
  const context = await signedIn('wide', 'dark');
  const page = await context.newPage();
  await page.goto(`${hub.url}/processes`);
  await page.waitForSelector('.live.on');
  await page.keyboard.press('/');
  expect(await page.evaluate<string>('document.activeElement.id')).toBe('filter');
  await page.keyboard.type('env=prod ');
  await page.waitForSelector('.filter .chip');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.waitForSelector('.row.current.m-fatal');
  await page.keyboard.press('n');
  await page.waitForSelector('.row.current.m-backoff');
  await page.keyboard.press('x');
  await page.waitForSelector('.bulk');
  await page.keyboard.press('Shift+S');
  await page.waitForSelector('.sheet [data-do=run]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.sheet', { state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.waitForURL(`${hub.url}/hosts`);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('outbox');
  await page.waitForSelector('.found.on');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/processes\/.*outbox/);
  await context.close();
});

test('a log line can hold anything: it is shown as text, its colours as classes', async () => {
  const context = await signedIn('wide', 'light');
  const page = await context.newPage();
  await page.goto(`${hub.url}/processes/web-01/web:static`);
  await page.waitForSelector('.log-line .ansi-green-fg');
  expect(await page.locator('.log-lines b').count()).toBe(0);
  expect(await page.locator('.log-lines').innerText()).toContain('<b>not bold</b>');
  await page.fill('[data-log-find]', 'timeout');
  await page.waitForSelector('.log-line mark');
  expect(await page.locator('.log-line:not(.note):not(:has(mark))').count()).toBe(0);
  await context.close();
});

test('the line to the hub breaks: the page says since when, and shows what it has', async () => {
  const own = await consoleHarness({ fleet: madeUpFleet(nowMs()), assetsFolder, nowMs });
  const context = await signedIn('wide', 'light', own);
  const page = await context.newPage();
  await page.goto(own.url);
  await page.waitForSelector('.live.on');
  await own.close();
  await page.waitForSelector('.live.off');
  expect(await page.innerText('.live')).toMatch(/^offline since \d\d:\d\d/);
  expect(await page.locator('.problem').count()).toBe(4);
  await context.close();
});

test('through 200 updates the button in focus, the ticks, the words marked and the place scrolled to stay', async () => {
  const fleet = largeFleet(20, 50, nowMs());
  const own = await consoleHarness({ fleet, assetsFolder, nowMs });
  const context = await signedIn('wide', 'light', own);
  const page = await context.newPage();
  await page.goto(`${own.url}/processes?by=none&fold=0&sort=name`);
  await page.waitForSelector('.live.on');
  await page.locator('#rows').evaluate((rows) => rows.scrollTo(0, 9_000));
  await until('the rows there', () =>
    page.evaluate<boolean>("parseFloat(document.querySelector('.rows-in').style.paddingTop) > 8000"),
  );
  const row = page.locator('.row.process').nth(14);
  const key = await row.getAttribute('data-key');
  await row.locator('.tick').click();
  await row.hover();
  await row.locator('.row-actions [data-do=tail]').focus();
  await page.evaluate(
    `getSelection().selectAllChildren(document.activeElement.closest('.row').querySelector('b'))`,
  );
  const kept = `(() => ({
    key: document.activeElement.closest('.row')?.dataset.key, does: document.activeElement.dataset.do,
    ticked: document.querySelectorAll('.row.ticked').length, marked: String(getSelection()),
    top: document.getElementById('rows').scrollTop }))()`;
  const before = await page.evaluate(kept);
  expect(before).toMatchObject({ key, does: 'tail', ticked: 1, marked: expect.stringMatching(/./) });
  const inSight = await page
    .locator('.row.process')
    .evaluateAll((rows) => rows.map((one) => one.getAttribute('data-key')));
  const changed = fleet.processes.filter(({ hostId, group, name }) =>
    inSight.includes(`${hostId}/${group}:${name}`),
  );
  for (let n = 1; n <= 200; n++)
    own.change({ processes: changed.map((process) => ({ ...process, restarts: 1_000 + n })) });
  await until('the last of them', () =>
    page.evaluate<boolean>(
      "[...document.querySelectorAll('.row.process .c-restarts')].every(({ textContent }) => textContent === '1200')",
    ),
  );
  expect(await page.evaluate(kept)).toEqual(before);
  await context.close();
  await own.close();
});

test('10,000 processes: only what is in sight is in the document, and a change is drawn', async () => {
  const fleet = largeFleet(200, 50, nowMs());
  const own = await consoleHarness({ fleet, assetsFolder, nowMs });
  const context = await signedIn('wide', 'light', own);
  const page = await context.newPage();
  await page.goto(`${own.url}/processes?by=none`);
  await page.waitForSelector('.live.on');
  await page.waitForSelector('.rows-in');
  await page.locator('#rows').evaluate((rows) => rows.scrollTo(0, 140_000));
  await until('the rows at the place scrolled to', () =>
    page.evaluate<boolean>("parseFloat(document.querySelector('.rows-in').style.paddingTop) > 130000"),
  );
  expect(await page.locator('.row').count()).toBeLessThan(80);
  const key = await page.locator('.row.process').nth(12).getAttribute('data-key');
  const process = fleet.processes.find(({ hostId, group, name }) => `${hostId}/${group}:${name}` === key);
  if (process === undefined) throw new Error(`no ${key}`);
  own.change({ processes: [{ ...process, restarts: 4711 }] });
  await page.getByRole('gridcell', { name: '4711' }).waitFor();

  const hosts = new Map(fleet.hosts.map(({ id, name }) => [id, name]));
  const targets = fleet.processes.map(({ hostId, group, name }, n): ActionTarget => {
    const failed = n % 40 === 7;
    const outcome: Outcome = failed
      ? { kind: 'failed', reason: 'was killed' }
      : { kind: 'done', state: 'STOPPED', tookMs: 9 };
    return { hostId, host: hosts.get(hostId) ?? '', group, process: name, outcome };
  });
  const times = { startedAtMs: nowMs() - 9_000, finishedAtMs: nowMs(), cancelledBy: null };
  own.action({ id: 'large', verb: 'stop', selector: '*', by: 'mei', ...times, targets });
  await page.click('a[href="/actions"]');
  await page.click('#main a[href="/actions/large"]');
  const lines = page.locator('#targets .line');
  await lines.first().waitFor();
  expect(await lines.count()).toBeLessThan(80);
  await page.locator('#main').evaluate((main) => main.scrollTo(0, 140_000));
  await until('the targets at the place scrolled to', () =>
    page.evaluate<boolean>("Number(document.querySelector('#targets .line').ariaRowIndex) > 4000"),
  );
  expect(await lines.count()).toBeLessThan(80);
  const drawn = `[...document.querySelectorAll('#targets .line')].map((line) => line.getBoundingClientRect().height)`;
  expect(new Set(await page.evaluate<number[]>(drawn))).toEqual(new Set([27, 30]));
  await page.keyboard.press('/');
  await page.keyboard.type('node-19 task_07');
  await until('those that match', async () => (await page.textContent('.matched')) === '10 of 10,000');
  await page.click('.action-counts .k-failed');
  await until('the failed of them', async () => /outcome=failed&text=node-19/.test(page.url()));
  await page.click('.targets-filter a');
  await page.click('[data-do=plan-again][data-of=failed]');
  await page.waitForSelector('.sheet [data-do=run]');
  expect(own.asked.at(-1)).toMatchObject({ path: '/plans', body: { only: { length: 250 } } });
  expect(await page.locator('.sheet-host').count()).toBeLessThan(60);
  await page.fill('#plan-filter', 'node-199');
  await page.click('.sheet-name');
  await page.click('.sheet [data-do=run]');
  await until('it is sent', () => own.asked.some(({ path }) => path === '/actions'));
  expect(own.asked.find(({ path }) => path === '/actions')?.body).toMatchObject({ only: { length: 249 } });
  await context.close();
  await own.close();
});
