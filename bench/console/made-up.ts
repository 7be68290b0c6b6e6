import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openContext } from '../../tests/support/browser.ts';
import { type ConsoleHarness, consoleHarness } from '../../tests/support/console-harness.ts';
import { largeFleet } from '../../tests/support/made-up-fleet.ts';
import type { Table } from '../hub/table.ts';
import { nowMs, percentile, watchFor } from './watch-screen.ts';

const assetsFolder = resolve(import.meta.dirname, '../../dist/web');
const OPENINGS = 7;
const CHANGES = 60;

/** The console over a made-up fleet of so many hosts and processes: real pages, real socket, real Chromium. */
export async function madeUp(
  table: Table,
  browser: Browser,
  size: { readonly hosts: number; readonly each: number; readonly bounds: boolean },
): Promise<void> {
  const fleet = largeFleet(size.hosts, size.each, Date.now());
  const hub = await consoleHarness({ fleet, assetsFolder, nowMs: () => Date.now() });
  const context = await openContext(browser, 'wide', 'light');
  await context.addCookies([{ name: 'session', value: 'yes', url: hub.url }]);
  const page = await context.newPage();
  const name = `${size.hosts} hosts × ${size.each} processes`;
  const [must, aim] = size.bounds ? ([1_000, 300] as const) : [];
  const [mustScreen, aimScreen] = size.bounds ? ([1_000, 200] as const) : ([undefined, 200] as const);
  for (const path of ['/', '/processes', '/processes?by=none'])
    table.row(
      `${name}: first paint of ${path}, p50`,
      await firstPaint(page, `${hub.url}${path}`),
      'ms',
      must,
      aim,
    );
  const toScreen = await updates(page, hub, fleet.processes);
  table.row(`${name}: update to screen, p50`, percentile(toScreen, 0.5), 'ms');
  table.row(`${name}: update to screen, p95`, percentile(toScreen, 0.95), 'ms', mustScreen, aimScreen);
  table.row(`${name}: frame while scrolling, p95`, percentile(await scrolling(page), 0.95), 'ms', 50, 34);
  table.row(`${name}: key in the filter to rows, p95`, percentile(await typing(page), 0.95), 'ms', 200, 100);
  await context.close();
  await hub.close();
}

async function firstPaint(page: Page, url: string): Promise<number> {
  const paints: number[] = [];
  for (let n = 0; n < OPENINGS; n++) {
    await page.goto(url);
    await page.waitForSelector('.live.on', { state: 'attached' });
    paints.push(
      await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
    );
  }
  return percentile(paints, 0.5);
}

async function updates(
  page: Page,
  hub: ConsoleHarness,
  processes: Parameters<ConsoleHarness['change']>[0]['processes'],
): Promise<number[]> {
  const took: number[] = [];
  const process = processes?.find(({ state }) => state === 'RUNNING');
  if (process === undefined) throw new Error('no process runs');
  await page.goto(`${hub.url}/processes?by=none&fold=0&text=${process.name}&sort=name`);
  await page.waitForSelector('.live.on', { state: 'attached' });
  const row = `[data-key="${process.hostId}/${process.group}:${process.name}"] .c-restarts`;
  await page.waitForSelector(row);
  for (let n = 0; n < CHANGES; n++) {
    const seen = await watchFor(page, row, String(5_000 + n));
    const at = nowMs();
    hub.change({ processes: [{ ...process, restarts: 5_000 + n }] });
    took.push((await seen()) - at);
  }
  return took;
}

/** Times between frames while the whole table goes by. */
async function scrolling(page: Page): Promise<number[]> {
  await page.goto(page.url().replace(/\?.*/, '?by=none&fold=0'));
  await page.waitForSelector('.live.on', { state: 'attached' });
  return page.evaluate<number[]>(`(async () => {
    const rows = document.getElementById('rows');
    const frames = [];
    let before = performance.now();
    for (let n = 0; n < 180; n++) {
      rows.scrollTop += rows.scrollHeight / 180;
      await new Promise(requestAnimationFrame);
      frames.push(performance.now() - before);
      before = performance.now();
    }
    return frames;
  })()`);
}

/** From a key to the frame in which the rows fit it. */
async function typing(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`(async () => {
    const field = document.querySelector('#filter');
    const took = [];
    for (const text of ${JSON.stringify(TYPED)}) {
      const before = performance.now();
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      took.push(performance.now() - before);
    }
    return took;
  })()`);
}

const TYPED = [
  't',
  'ta',
  'tas',
  'task',
  'task_',
  'task_1',
  'task_12',
  'task',
  'n',
  'no',
  'nod',
  'node-0',
  'node-01',
  '',
];
