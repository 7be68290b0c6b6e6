import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../tests/support/browser.ts';
import { Table } from '../hub/table.ts';
import { flood } from './flood.ts';
import { madeUp } from './made-up.ts';
import { crashToRow } from './real.ts';

const PARTS: Readonly<Record<string, (table: Table, browser: Browser) => Promise<void>>> = {
  crash: crashToRow,
  flood,
  'five-thousand': (table, browser) => madeUp(table, browser, { hosts: 100, each: 50, bounds: true }),
  'ten-thousand': (table, browser) => madeUp(table, browser, { hosts: 200, each: 50, bounds: false }),
};

/** `npm run bench:console [-- PART…]`: crash, flood, five-thousand, ten-thousand; all of them when none is named. */
async function main(names: readonly string[]): Promise<void> {
  const table = new Table();
  const browser = await launchBrowser();
  try {
    table.begin();
    for (const name of names.length === 0 ? Object.keys(PARTS) : names) await PARTS[name]?.(table, browser);
  } finally {
    await browser.close();
  }
}

await main(process.argv.slice(2));
