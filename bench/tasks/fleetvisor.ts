import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { openContext } from '../../tests/support/browser.ts';
import { HubUnderTest } from '../hub/hub-under-test.ts';
import type { StockFleet } from './fleet.ts';
import { Hand } from './hand.ts';
import type { Deeds, WatchingConsole } from './tasks.ts';

const PACKAGE = resolve(import.meta.dirname, '../../package.json');
/** The page of an action once all processes of the group web are done; not that of the one it was begun from. */
const over = (verb: string): string =>
  `.action-head:has(h1:text-matches("^${verb}", "i")) ~ .action-progress .action-counts:has(.end:text-matches("^took")) .k-done b:text-is("8")`;

const GUNICORN = '.row.process[data-target="web-01/web:gunicorn_00"]';

const DEEDS: Deeds = {
  red: (hand) => hand.see('.problem.m-fatal'),
  async crash(hand) {
    await hand.click('.problem.m-fatal a.button');
    await hand.see('.crash-panel:has-text("refused")');
  },
  away: (hand) => hand.see('.problem.m-unreachable'),
  async restart(hand) {
    await hand.click('#side a[title="web-01"]');
    await hand.page.hover(GUNICORN);
    await hand.click(`${GUNICORN} [data-verb="restart"]`);
    await hand.click('[data-do="run"]');
    await hand.see(`${GUNICORN}:has(.c-time:text-matches("^00:00:0"))`);
  },
  async stop(hand) {
    await hand.click('.nav [data-key="groups"]');
    await hand.click('.line[data-key="web"] .l-name a');
    await hand.click('.page-head [data-verb="stop"]');
    await hand.click('[data-do="run"]');
    await hand.see(over('stop'));
  },
  async again(hand) {
    await hand.click('.nav [data-key="actions"]');
    await hand.click('.actions-list .line:nth-child(2) a');
    await hand.click('.buttons [data-verb="start"]');
    await hand.click('[data-do="run"]');
    await hand.see(over('start'));
  },
  async rolling(hand) {
    await hand.click('.nav [data-key="groups"]');
    await hand.click('.line[data-key="web"] .l-name a');
    await hand.click('.page-head [data-verb="restart"]');
    await hand.click('[data-mode="rolling"]');
    await hand.click('[data-do="run"]');
    await hand.see(over('restart'));
  },
  async follow(hand) {
    await hand.click('.nav [data-key="logs"]');
    await hand.click('#side a[data-key="group web"]');
    await hand.key('/');
    await hand.type('items');
    await hand.see('.log-line mark');
  },
  async count(hand) {
    await hand.click('.nav [data-key="logs"]');
    await hand.click('#side a[data-key="group web"]');
    await hand.key('/');
    await hand.type('listening');
    await hand.click('[data-log="back"]');
    await hand.see('.back-host');
  },
  async link(hand) {
    await hand.click('.nav [data-key="processes"]');
    await hand.click('.segments [data-key="host"]');
    await hand.click('.row.head .c-memory a');
    await hand.click('[data-do="copy-link"]');
  },
};

/** The built hub with these hosts, an admin signed in. */
export async function fleetvisor(browser: Browser, fleet: StockFleet): Promise<WatchingConsole> {
  const hub = await HubUnderTest.start();
  const context = await openContext(browser, 'wide', 'light');
  for (const { name, url } of fleet.hosts)
    await hub.api('POST', '/hosts', { name, url, environment: 'prod' });
  const page = await context.newPage();
  await page.goto(hub.address);
  await page.fill('#user', 'admin');
  await page.fill('#password', hub.password);
  await page.click('button[type=submit]');
  await page.waitForSelector('.problem.m-unreachable', { timeout: 60_000 });
  await fleet.breakDown();
  await page.waitForSelector('.problem.m-fatal', { timeout: 60_000 });
  return {
    name: 'Fleetvisor',
    version: JSON.parse(readFileSync(PACKAGE, 'utf8')).version,
    hand: new Hand(page, hub.address, '.live.on'),
    deeds: DEEDS,
    async stop() {
      await context.close();
      await hub.stop();
    },
  };
}
