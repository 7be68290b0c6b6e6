import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds } from '../support/axe.ts';
import { complaintsOf, launchBrowser, openContext, type Width } from '../support/browser.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { until } from '../support/until.ts';

const HOSTILE = String.raw`\033]0;owned\007<img src=x onerror=alert(1)> \342\200\256desrever \360\237\232\200 \033[31mred\033[0m &lt;b&gt; 100%% done`;
const WEB = `[program:gunicorn]
command=/bin/sh -c 'while :; do echo "GET /items/$SUPERVISOR_PROCESS_NAME 200"; sleep 0.3; done'
process_name=%(program_name)s_%(process_num)02d
numprocs=2
stopasgroup=true
[group:web]
programs=gunicorn
`;
const SHOUTER = `[program:shouter]
command=/bin/sh -c 'while :; do printf "${HOSTILE.replaceAll('%', '%%')}\\n"; sleep 1; head -c 1000000 /dev/zero | tr "\\000" x; echo; sleep 1; done'
stopasgroup=true
`;

let fleet: Fleet;
let browser: Browser;
const lifetime = sharedLifetime();

beforeAll(async () => {
  fleet = await startFleet(lifetime, [
    { name: 'web-01', kind: 'agent', programs: `${WEB}${SHOUTER}` },
    { name: 'stock-01', kind: 'supervisord', programs: WEB },
  ]);
  await fleet.api('POST', '/hosts', { name: 'old-01', url: 'http://127.0.0.1:9/RPC2' });
  await fleet.cli('restart', 'web-01/web:*', '--yes');
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

async function signedIn(path: string, more: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context: BrowserContext =
    Object.keys(more).length === 0
      ? await openContext(browser, 'wide', 'light')
      : await browser.newContext({ viewport: { width: 1400, height: 900 }, ...more });
  await context.request.post(`${fleet.address}/api/v1/session`, {
    data: { user: 'admin', password: fleet.password },
    headers: { origin: fleet.address },
  });
  const page = await context.newPage();
  await page.goto(`${fleet.address}${path}`);
  await page.waitForSelector('.live.on', { state: 'attached' });
  return page;
}

const row = (page: Page, target: string) => page.locator(`.row.process[data-target="${target}"]`);
const WEBS = [
  'web-01/web:gunicorn_00',
  'web-01/web:gunicorn_01',
  'stock-01/web:gunicorn_00',
  'stock-01/web:gunicorn_01',
];

test('two browsers act at once: each sees what the other does, and neither does it twice', async () => {
  const one = await signedIn('/groups/web');
  const two = await signedIn('/processes?by=none&fold=0');
  await one.click('.page-head [data-verb="stop"]');
  await one.click('[data-do="run"]');
  await one.waitForURL(/\/actions\//);
  await one.waitForSelector('.action-counts .k-done');
  for (const target of WEBS) await row(two, target).and(two.locator('.m-stopped')).waitFor();
  await two.keyboard.press('g');
  await two.keyboard.press('a');
  const link = await two.locator('.actions-list .line a').first().getAttribute('href');
  expect(one.url()).toBe(`${fleet.address}${link}`);
  await two.goto(`${fleet.address}/groups/web`);
  await two.waitForSelector('.live.on', { state: 'attached' });
  expect(await two.locator('.page-head [data-verb="stop"]').isDisabled()).toBe(true);
  await two.click('.page-head [data-verb="start"]');
  await two.click('[data-do="run"]');
  await one.goto(`${fleet.address}/processes?by=none&fold=0`);
  for (const target of WEBS) await row(one, target).and(one.locator('.m-running')).waitFor();
  await one.context().close();
  await two.context().close();
});

test('a browser that slept for an hour wakes up to the truth, its log too', async () => {
  const page = await signedIn('/logs?target=web-01/web:gunicorn_00');
  await page.waitForSelector('.log-line.stdout');
  const { now } = await page.evaluate<{ now: number }>('({ now: Date.now() })');
  await page.clock.install({ time: now });
  await page.goto(`${fleet.address}/processes?by=none&fold=0`);
  await page.waitForSelector('.live.on', { state: 'attached' });
  const client = await page.context().newCDPSession(page);
  await client.send('Page.setWebLifecycleState', { state: 'frozen' });
  expect((await fleet.cli('stop', 'stock-01/web:gunicorn_00', '--yes')).code).toBe(0);
  await client.send('Page.setWebLifecycleState', { state: 'active' });
  await page.clock.fastForward('01:00:00');
  await row(page, 'stock-01/web:gunicorn_00').and(page.locator('.m-stopped')).waitFor();
  expect((await fleet.cli('start', 'stock-01/web:gunicorn_00', '--yes')).code).toBe(0);
  await page.clock.runFor(2_000);
  await until('it to be shown as it is', async () => {
    await page.clock.runFor(200);
    return row(page, 'stock-01/web:gunicorn_00').and(page.locator('.m-running')).isVisible();
  });
  await page.context().close();
});

test('by keys alone: find a process, read its log, stop it by a plan, start it again', async () => {
  const page = await signedIn('/');
  const press = (key: string): Promise<void> => page.keyboard.press(key);
  await press('g');
  await press('p');
  await page.waitForSelector('#filter');
  await press('/');
  await page.keyboard.type('web-01/web:gunicorn_01');
  await press('Enter');
  await press('Escape');
  await press('j');
  await page.waitForSelector('.row.current');
  while (!(await page.locator('.row.process.current').isVisible())) {
    if (await page.locator('.row.fold.current').isVisible()) await press('e');
    await press('j');
  }
  await press('t');
  await page.waitForSelector('#drawer .log-line');
  await press('Escape');
  for (const [verb, mark] of [
    ['Shift+S', 'm-stopped'],
    ['s', 'm-running'],
  ] as const) {
    await press(verb);
    await page.waitForSelector('.sheet [data-do="run"]');
    for (let n = 0; n < 40; n++) {
      if (await page.evaluate<boolean>("document.activeElement?.dataset.do === 'run'")) break;
      await press('Tab');
    }
    await press('Enter');
    await row(page, 'web-01/web:gunicorn_01')
      .and(page.locator(`.${mark}`))
      .waitFor();
  }
  await page.context().close();
});

test('what a child writes is only text: markup, escapes, other directions, and a line of 1 MB', async () => {
  const page = await signedIn('/logs?target=web-01/shouter:shouter');
  const complaints = complaintsOf(page);
  await page.locator('.log-line', { hasText: '100% done' }).first().waitFor();
  expect(await page.locator('.log-lines img').count()).toBe(0);
  expect(await page.locator('.log-lines').innerText()).toContain('<img src=x onerror=alert(1)>');
  expect(await page.title()).not.toContain('owned');
  await page.locator('.log-cut').first().waitFor();
  const longest = await page.evaluate<number>(
    "Math.max(...[...document.querySelectorAll('.log-text')].map((text) => text.textContent.length))",
  );
  expect(longest).toBeLessThan(10_000);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('an expression that cannot be read is said in words; a broken one on the hub too', async () => {
  const page = await signedIn('/logs?target=web:*&regex=1');
  await page.fill('[data-log-find]', 'items(');
  await page.waitForSelector('.log-problem:not([hidden])');
  expect(await page.innerText('.log-problem')).toMatch(/^This expression cannot be read: /);
  await page.click('[data-log="only"]');
  await page.fill('[data-log-find]', '(?<=GET )/items');
  await page.locator('.log-problem', { hasText: 'look-around' }).waitFor();
  expect(await page.innerText('.log-problem')).toMatch(/^This expression cannot be read: error/);
  await page.fill('[data-log-find]', 'gunicorn_0[01] 200');
  await page.waitForSelector('.log-line mark');
  expect(await page.locator('.log-problem').isHidden()).toBe(true);
  await page.click('[data-log="pause"]');
  await page.fill('[data-log-find]', 'gunicorn_01 200');
  await page.waitForSelector('.log-line mark >> text="gunicorn_01 200"'); // still paused, it has its past to show
  expect(await page.getAttribute('.log-status', 'class')).toContain('paused');
  await page.context().close();
});

test('reading holds the log still and counts what is newer; Follow goes on', async () => {
  const page = await signedIn('/logs?target=web:*&find=items');
  await page.waitForSelector('.log-line mark');
  await page.click('[data-log="down"]');
  expect(await page.innerText('.log-matches')).toMatch(/^1 of /);
  await page.click('.log-held [data-log="follow"]');
  await until('lines to scroll through', async () => (await page.locator('.log-line').count()) > 30, {
    withinMs: 30_000,
  });
  await page.hover('.log-lines');
  await page.mouse.wheel(0, -200);
  await page.waitForSelector('.log-held:not([hidden])');
  const first = await page.locator('.log-line').nth(5).innerText();
  const top = await page.evaluate<number>("document.querySelector('.log-lines').scrollTop");
  await page.locator('.log-held b', { hasText: /\d newer lines, \d+ match/ }).waitFor();
  expect(await page.locator('.log-line').nth(5).innerText()).toBe(first);
  expect(await page.evaluate<number>("document.querySelector('.log-lines').scrollTop")).toBe(top);
  await page.click('.log-held [data-log="follow"]');
  await page.waitForSelector('.log-held', { state: 'hidden' });
  await page.click('[data-log="back"]');
  await page.locator('.back-host').nth(1).waitFor();
  await page.locator('.back-match').first().click();
  await page.waitForSelector('.past-line.at mark');
  // closed before the last frame of it is drawn, and opened again
  await page.evaluate(`for (const one of ['.back-match', '[data-back="close"]', '[data-log="back"]'])
    document.querySelector(one).click()`);
  await page.locator('.back-match').first().waitFor();
  expect(await page.innerText('.log-back .log-head code')).toBe('items');
  await page.fill('[data-log-find]', 'another');
  await page.locator('.back-match').first().click();
  expect(await page.innerText('.log-back .log-head code')).toBe('items');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.click('.past-line.at', { trial: true });
  await page.click('.log-past [data-log="follow"]');
  await page.click('.back-match >> nth=0', { trial: true });
  await page.context().close();
});

const EVERY_PAGE = [
  '/',
  '/processes?by=host&fold=0',
  '/processes?text=nothing-is-called-so',
  '/processes/web-01/web:gunicorn_00',
  '/processes/stock-01/web:gunicorn_00?tab=config',
  '/processes/web-01/shouter:shouter?tab=input',
  '/groups',
  '/groups/web',
  '/groups/web?tab=drift',
  '/hosts',
  '/hosts/web-01',
  '/hosts/old-01',
  '/hosts/stock-01?tab=log',
  '/logs?target=web:*',
  '/actions',
  '/plan?do=stop+web-01/web:*',
  '/settings/you',
  '/settings/people',
  '/settings/audit',
  '/settings/hub',
  '/alerts',
  '/settings/alerts',
  '/schedules',
];

/** Every page in one language, in a context of its own; `look` at each. */
async function throughEveryPage(
  width: Width,
  language: 'en' | 'zh',
  look: (page: Page, path: string) => Promise<void>,
): Promise<void> {
  const context = await openContext(browser, width, 'light');
  await context.request.post(`${fleet.address}/api/v1/session`, {
    data: { user: 'admin', password: fleet.password },
    headers: { origin: fleet.address },
  });
  await context.addCookies([{ name: 'fv_language', value: language, url: fleet.address }]);
  const [action] = await fleet.api('GET', '/actions');
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  for (const path of [...EVERY_PAGE, `/actions/${action.id}`]) {
    await page.goto(`${fleet.address}${path}`);
    await page.waitForSelector(`html[lang^=${language}] .live.on`, { state: 'attached' });
    await look(page, path);
  }
  expect(complaints).toEqual([]);
  await context.close();
}

for (const width of ['wide', 'phone'] as const)
  for (const language of ['en', 'zh'] as const)
    test(`every page of a real fleet draws in both themes, and none is wider than the screen (${width}, ${language})`, async () => {
      const found: string[] = [];
      await throughEveryPage(width, language, async (page, path) => {
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme });
          const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          if (wider > 0) found.push(`${path} is ${wider} px wider than the screen, ${colorScheme}`);
        }
      });
      expect(found).toEqual([]);
    });

test('axe finds nothing in Chinese on any page of a real fleet', async () => {
  const found: string[] = [];
  await throughEveryPage('wide', 'zh', async (page, path) => {
    found.push(...(await axeFinds(page)).map((one) => `${path}: ${one}`));
  });
  expect(found).toEqual([]);
});

test('with reduced motion nothing moves', async () => {
  const page = await signedIn('/', { reducedMotion: 'reduce' });
  await page.hover('.nav a:nth-child(2)');
  const moving = await page.evaluate<number>(
    'document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 20).length',
  );
  expect(moving).toBe(0);
  await page.context().close();
});
