import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { pathProxy } from '../support/path-proxy.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** The whole console below a path of somebody else's server. */
const CONFIG = `[program:web]
command=/bin/sh -c 'echo "first line"; exec sleep 1000'
startsecs=0
stdout_logfile={dir}/web.log
`;
let hub: TestHub;
let front: string;
let browser: Browser;
let context: BrowserContext;
const lifetime = sharedLifetime();

beforeAll(async () => {
  let port = 0;
  const proxy = await pathProxy(lifetime, { path: '/fleet', target: () => port, scheme: 'http' });
  hub = await startTestHub(lifetime, {
    args: ['--base-path', '/fleet', '--trust-proxy', '1'],
  });
  port = Number(new URL(hub.hub.address).port);
  front = `${proxy}/fleet`;
  const supervisor = await startSupervisor(lifetime, 'supervisord', { config: CONFIG });
  const url = `unix://${supervisor.socketPath}`;
  await hub.ask('POST', '/hosts', { name: 'one', url, environment: 'prod' });
  await until(
    'a running process',
    async () => (await hub.ask('GET', '/processes')).body[0]?.state === 'RUNNING',
  );
  browser = await launchBrowser();
  context = await openContext(browser, 'wide', 'light');
});

afterAll(async () => {
  await browser?.close();
});

const linksOn = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('a[href], form[action], [formaction]')].map(
    (one) => one.getAttribute('href') ?? one.getAttribute('formaction') ?? one.getAttribute('action'))
    .filter((link) => !link.startsWith('#'))`);

test('a proxy that cuts the port off the Host header is named when one signs in, not the password', async () => {
  const proxy = await pathProxy(lifetime, {
    path: '/fleet',
    target: () => Number(new URL(hub.hub.address).port),
    scheme: 'http',
    hostTold: (host) => host.replace(/:\d+$/, ''),
  });
  const page = await (await openContext(browser, 'wide', 'light')).newPage();
  await page.goto(`${proxy}/fleet/sign-in`);
  await page.fill('#user', 'admin');
  await page.fill('#password', hub.password);
  await page.click('button[type=submit]');
  await page.getByText('must pass on the whole Host header').waitFor();
  await page.context().close();
});

test('behind a proxy under a path one signs in, and every page, link, socket and download stays below it', async () => {
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${front}/hosts/one`);
  expect(new URL(page.url()).pathname).toBe('/fleet/sign-in');
  await page.fill('#user', 'admin');
  await page.fill('#password', hub.password);
  await page.click('button[type=submit]');
  await page.waitForURL(`${front}/hosts/one`);
  const { body: action } = await hub.ask('POST', '/actions', { verb: 'restart', selector: 'one/*' });
  const seen = new Set<string>();
  const outside: string[] = [];
  for (const path of [
    '/',
    '/processes',
    '/processes/one/web:web',
    '/processes/one/web:web?tab=config',
    '/processes/one/web:web?tab=input',
    '/processes/one/web:web?tab=history',
    '/groups',
    '/groups/web',
    '/hosts',
    '/hosts/one',
    '/hosts/one?tab=log',
    '/hosts/one?tab=config',
    '/logs?target=one/web:web',
    '/actions',
    `/actions/${action.id}`,
    '/plan?do=stop+one/*',
    '/settings/you',
    '/settings/people',
    '/settings/audit',
    '/settings/hub',
    '/forms/add-host',
    '/nothing-here',
  ]) {
    await page.goto(`${front}${path}`);
    await page.waitForSelector('.live.on', { state: 'attached' });
    for (const link of await linksOn(page)) {
      if (!/^\/fleet(\/|$)/.test(link)) outside.push(`${path}: ${link}`);
      else seen.add(link);
    }
  }
  expect(outside).toEqual([]);
  const gets = [...seen].filter(
    (link) => !/\/(forms\/approval-minutes|preferences|sign-out|act|forms\/\w+-?\w*)$/.test(link),
  );
  const dead: string[] = [];
  for (const link of gets) {
    const { status } = await hub.raw('GET', link.slice('/fleet'.length), { cookie: hub.session.cookie });
    if (status >= 400) dead.push(`${status} ${link}`);
  }
  expect(dead).toEqual([]);
  expect(complaints.filter((one) => !one.includes('404'))).toEqual([]);
  await page.close();
});

test('under a path clicks go from page to page without a reload, a log follows and is downloaded, an action runs', async () => {
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${front}/`);
  await page.waitForSelector('.live.on');
  await page.evaluate('window.notReloaded = true');
  await page.click('.nav [data-key=hosts]');
  await page.click('.hosts-list >> text=one');
  await page.waitForURL(`${front}/hosts/one`);
  await page.goBack();
  await page.waitForURL(`${front}/hosts`);
  await page.keyboard.press('g');
  await page.keyboard.press('g');
  await page.waitForURL(`${front}/groups`);
  await page.click('main >> text=web');
  await page.click('.page-head [data-verb=stop]');
  await page.click('[data-do=run]:not([disabled])');
  await page.waitForSelector('.sheet', { state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.locator('.actions-list .line a').first().click();
  await page.waitForURL(/\/fleet\/actions\//);
  await page.waitForSelector('.outcome.k-done >> text=STOPPED');
  expect(await page.evaluate('window.notReloaded')).toBe(true);
  await hub.ask('POST', '/actions', { verb: 'start', selector: 'one/*' });
  await page.goto(`${front}/logs?target=one/web:web`);
  await page.waitForSelector('.log-line >> text=first line');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-log=download]')]);
  expect(readFileSync(await download.path(), 'utf8')).toContain('first line');
  await page.goto(`${front}/settings/audit`);
  const [csv] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("CSV")')]);
  expect(readFileSync(await csv.path(), 'utf8')).toContain('action');
  await page.goto(`${front}/settings/hub`);
  await page.click('text=API reference');
  await page.waitForURL(`${front}/reference`);
  await page.goBack();
  await page.waitForURL(`${front}/settings/hub`);
  await page.waitForSelector('.live.on');
  expect(complaints).toEqual([]);
  await page.click('[data-do=me]');
  await page.click('[data-do=sign-out]');
  await page.waitForURL(`${front}/sign-in`);
  await page.close();
});

test('under a path forms work without a script, and lead back below it', async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto(`${front}/hosts`);
  await page.fill('#user', 'admin');
  await page.fill('#password', hub.password);
  await page.click('button[type=submit]');
  await page.click('.page-head [data-do=add-host]');
  expect(page.url()).toBe(`${front}/forms/add-host?of=`);
  await page.fill('[name=name]', 'two');
  await page.fill('[name=url]', 'http://127.0.0.1:9/RPC2');
  await page.click('button:has-text("Add host")');
  expect(page.url()).toBe(`${front}/hosts/two`);
  expect(await page.innerText('#said')).toBe('two is added.');
  await plain.close();
});
