import type { Browser, Page } from 'playwright-core';
import { openContext } from '../../tests/support/browser.ts';
import { NodervisorUnderTest } from '../hub/nodervisor-under-test.ts';
import { type StockFleet, WATCHED } from './fleet.ts';
import { Hand } from './hand.ts';
import type { Deeds, WatchingConsole } from './tasks.ts';

const WEB = ['web:gunicorn_00', 'web:gunicorn_01'];
const RED_CARD = 'h4:has(.label-danger) + button.table-collapse';

/** The checkout with these hosts as its only ones, its first user signed in. */
export async function nodervisor(
  browser: Browser,
  fleet: StockFleet,
  checkout: string,
): Promise<WatchingConsole> {
  const peer = await NodervisorUnderTest.start(checkout);
  await peer.watch(fleet.hosts, await peer.cookie());
  const context = await openContext(browser, 'wide', 'light');
  const page = await context.newPage();
  await page.goto(`${peer.address}/login`);
  await page.fill('#inputEmail', 'admin@nodervisor');
  await page.fill('#inputPassword', 'admin');
  await page.click('button[type=submit]');
  await page.waitForSelector('#hosts-listing h4');
  await fleet.breakDown();
  await page.waitForSelector('h4:has(.label-danger)', { timeout: 60_000 });
  return {
    name: 'nodervisor',
    version: peer.version,
    hand: new Hand(page, peer.address, '#hosts-listing h4'),
    deeds: deedsOn(await cardsOf(page)),
    async stop() {
      await context.close();
      await peer.stop();
    },
  };
}

/** The number of each host's table, by the host's name. */
async function cardsOf(page: Page): Promise<ReadonlyMap<string, string>> {
  const cards = new Map<string, string>();
  for (const name of WATCHED) {
    const fold = page.locator(`h4:has-text("${name}") + button.table-collapse`);
    cards.set(name, (await fold.getAttribute('data-table')) ?? '');
  }
  return cards;
}

/** Its page asks again every 5 s: what a click did is seen then. */
function deedsOn(cards: ReadonlyMap<string, string>): Deeds {
  const open = (hand: Hand, host: string) =>
    hand.click(`button.table-collapse[data-table="${cards.get(host)}"]`);
  const button = (host: string, verb: 'stop' | 'start', name: string) =>
    `table[id="${cards.get(host)}"] [data-action="${verb}"][data-process="${name}"]`;
  const restart = async (hand: Hand, host: string, names: readonly string[]) => {
    for (const name of names) await hand.click(button(host, 'stop', name));
    for (const name of names) await hand.click(button(host, 'start', name));
    for (const name of names) await hand.see(button(host, 'stop', name));
  };
  const eachOfWeb = async (hand: Hand, verb: 'stop' | 'start', shown: 'stop' | 'start') => {
    for (const host of WATCHED) {
      await open(hand, host);
      for (const name of WEB) await hand.click(button(host, verb, name));
    }
    for (const host of WATCHED) for (const name of WEB) await hand.see(button(host, shown, name));
  };
  return {
    async red(hand) {
      await hand.click(RED_CARD);
      await hand.see('tr.danger:visible');
    },
    async crash(hand) {
      await hand.click(RED_CARD);
      await hand.click('tr.danger a[href^="/log/"]');
      await hand.click('a:text-is("Stderr")');
      await hand.see('#log-data:has-text("refused")');
    },
    away: (hand) => hand.see('.alert-danger:has-text("ECONNREFUSED")'),
    async restart(hand) {
      await open(hand, 'web-01');
      await restart(hand, 'web-01', WEB.slice(0, 1));
    },
    stop: (hand) => eachOfWeb(hand, 'stop', 'start'),
    again: (hand) => eachOfWeb(hand, 'start', 'stop'),
    async rolling(hand) {
      for (const host of WATCHED) {
        await open(hand, host);
        await restart(hand, host, WEB);
      }
    },
    follow: 'no way: one process at a time, and nothing marks a word',
    count: 'no way: it shows the last 16 KB of one log and counts nothing',
    link: 'no way: the front page has one address, whatever is open on it',
  };
}
