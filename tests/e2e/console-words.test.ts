import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildWeb } from '../../scripts/build-web.mjs';
import { launchBrowser, openContext } from '../support/browser.ts';
import { type ConsoleHarness, consoleHarness } from '../support/console-harness.ts';
import { madeUpAlerts } from '../support/made-up-alerts.ts';
import { madeUpFleet } from '../support/made-up-fleet.ts';
import { madeUpSchedules } from '../support/made-up-schedules.ts';

// The server's second language is made up of the first one's messages, in letters nothing else is written in.
vi.mock('../../src/web/messages/zh.ts', async () => {
  const { en } = await import('../../src/web/messages/en.ts');
  const { pseudoTable } = await import('../support/pseudo-language.ts');
  return { zh: pseudoTable(en) };
});
vi.mock('../../src/web/messages/zh/sentences.ts', async () => {
  const { SENTENCES } = await import('../../src/fleet/sentences.ts');
  const { pseudoTable } = await import('../support/pseudo-language.ts');
  return { zhSentences: pseudoTable(SENTENCES) };
});

const ROOT = resolve(import.meta.dirname, '../..');
/** The browser's too: its bundle gets the same tables. */
const pseudoPlugin: Plugin = {
  name: 'pseudo-language',
  setup(builder) {
    const module = (contents: string) => () => ({ contents, loader: 'ts' as const, resolveDir: ROOT });
    const pseudo = `import { pseudoTable } from './tests/support/pseudo-language.ts';`;
    builder.onLoad(
      { filter: /messages\/zh\.ts$/ },
      module(`${pseudo} import { en } from './src/web/messages/en.ts'; export const zh = pseudoTable(en);`),
    );
    builder.onLoad(
      { filter: /messages\/zh\/sentences\.ts$/ },
      module(
        `${pseudo} import { SENTENCES } from './src/fleet/sentences.ts'; export const zhSentences = pseudoTable(SENTENCES);`,
      ),
    );
  },
};

const nowMs = (): number => Date.now();
const fleet = madeUpFleet(nowMs());
let assetsFolder: string;
let browser: Browser;
let hub: ConsoleHarness;
let page: Page;

beforeAll(async () => {
  assetsFolder = await mkdtemp(join(tmpdir(), 'words-'));
  await buildWeb(assetsFolder, [pseudoPlugin]);
  browser = await launchBrowser();
  hub = await consoleHarness({ fleet, assetsFolder, nowMs });
  const context = await openContext(browser, 'wide', 'light');
  await context.addCookies([
    { name: 'session', value: 'yes', url: hub.url },
    { name: 'fv_language', value: 'zh', url: hub.url },
  ]);
  page = await context.newPage();
});

afterAll(async () => {
  await browser.close();
  await hub.close();
  await rm(assetsFolder, { recursive: true });
});

/** supervisord's words, names no language changes, what keys and units are called, and what formats dates. */
const KNOWN = `STOPPED STARTING RUNNING BACKOFF STOPPING EXITED FATAL UNKNOWN stdout stderr pid GiB MiB MB KiB
  startsecs numprocs Ctrl Esc Shift Enter Space Fleetvisor fleetvisor English HTTP UTC GMT CET CEST AM PM SIGKILL SIGTERM INT QUIT HUP TERM USR KILL`;

/** What the hub says itself is no data. */
const withoutSentences = (key: string, value: unknown): unknown =>
  ['says', 'mend', 'reason', 'said', 'mendSaid'].includes(key) ? undefined : value;

/** Words of the data itself: names, log lines, causes. */
const DATA = new Set(
  `${KNOWN} ${JSON.stringify([fleet, madeUpAlerts(nowMs), madeUpSchedules(nowMs)], withoutSentences)} mei ME eu admin nobody nothing is called so Traceback not bold GET POST products img cart orders WARNING ERROR worker cache image sizes holds keys upstream after request timeout ms c w`.match(
    /[A-Za-z]+/g,
  ),
);

/** Latin words on the page that neither the messages nor the data hold. Commands are the same in every language. */
async function strangers(): Promise<string[]> {
  const texts = await page.evaluate<string[]>(`(() => {
    const texts = [];
    const skipped = 'noscript, code, kbd, script, style, svg.sprite, .log-lines, input.mono';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(skipped)) texts.push(walker.currentNode.data);
    for (const element of document.querySelectorAll('[title], [aria-label], [placeholder], [alt]'))
      for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
        if (element.hasAttribute(name) && !element.closest(skipped)) texts.push(element.getAttribute(name));
    return [document.title, ...texts];
  })()`);
  return texts
    .filter((text) => (text.match(/[A-Za-z]{2,}/g) ?? []).some((word) => !DATA.has(word)))
    .map((text) => text.trim());
}

const PAGES = [
  '/',
  '/processes',
  '/processes?by=host&fold=0&sort=-cpu',
  '/processes?text=nothing-is-called-so',
  '/processes/web-03/web:gunicorn_02',
  '/processes/api-02/api:outbox',
  '/groups',
  '/groups/web',
  '/hosts',
  '/hosts/work-02',
  '/hosts/nobody',
  '/logs',
  '/logs?target=web-01/web:static&target=web-03/web:gunicorn_02',
  '/actions',
  '/actions/a-101',
  '/alerts',
  '/settings/alerts',
  '/schedules',
  '/schedules/s_1',
];

test('on every page all that is said comes from the messages, from the data, or is supervisord’s own word', async () => {
  const found: string[] = [];
  for (const path of PAGES) {
    await page.goto(`${hub.url}${path}`);
    found.push(...(await strangers()).map((text) => `${path} (by the hub): ${text}`));
    await page.waitForSelector('.live.on', { state: 'attached' });
    found.push(...(await strangers()).map((text) => `${path}: ${text}`));
  }
  expect([...new Set(found)]).toEqual([]);
});

test('so it is in sheets, menus, the palette and the drawer', async () => {
  const found: string[] = [];
  const look = async (where: string): Promise<void> => {
    found.push(...(await strangers()).map((text) => `${where}: ${text}`));
  };
  await page.goto(`${hub.url}/groups/web`);
  await page.waitForSelector('.live.on', { state: 'attached' });
  await page.click('.page-head [data-verb=restart]');
  await page.waitForSelector('[data-do=run]');
  await look('plan');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.waitForSelector('.keys');
  await look('keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.waitForSelector('#palette-input');
  await look('palette');
  await page.keyboard.press('Escape');
  await page.click('[data-do=me]');
  await look('me');
  await page.keyboard.press('Escape');
  await page.goto(`${hub.url}/hosts`);
  await page.waitForSelector('.live.on', { state: 'attached' });
  await page.click('[data-do=add-host]');
  await page.waitForSelector('.sheet');
  await look('add host');
  await page.goto(`${hub.url}/processes`);
  await page.waitForSelector('.live.on', { state: 'attached' });
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('t');
  await page.waitForSelector('#drawer .log-line');
  await look('drawer');
  expect([...new Set(found)]).toEqual([]);
});
