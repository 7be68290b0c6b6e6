import type { Browser } from 'playwright-core';
import { openContext } from '../../tests/support/browser.ts';
import { startFleet } from '../../tests/support/fleet.ts';
import type { Table } from '../hub/table.ts';
import { percentile } from './watch-screen.ts';

const SECONDS = 8;
/** About ten thousand lines a second, from one process. */
const PROGRAMS = `[program:flood]
command=/bin/sh -c 'while :; do seq -f "GET /products/%%g 200 18ms and what else stands in a line" 1 1000; sleep 0.1; done'
`;

/** A page that follows ten thousand lines a second: its frames, its memory, and how long a click waits. */
export async function flood(table: Table, browser: Browser): Promise<void> {
  const cleanUps: (() => void | Promise<void>)[] = [];
  const lifetime = { onTestFinished: (cleanUp: () => void | Promise<void>) => void cleanUps.push(cleanUp) };
  try {
    const fleet = await startFleet(lifetime, [{ name: 'web-01', kind: 'agent', programs: PROGRAMS }]);
    const context = await openContext(browser, 'wide', 'light');
    const page = await context.newPage();
    await page.goto(`${fleet.address}/logs?target=*&find=products/77`);
    await page.fill('#user', 'admin');
    await page.fill('#password', fleet.password);
    await page.click('button[type=submit]');
    await page.waitForSelector('.log-line');
    const frames = await page.evaluate<number[]>(`(async () => {
      const times = [];
      const end = performance.now() + ${SECONDS * 1_000};
      for (let before = performance.now(); before < end; ) {
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - before);
        before = performance.now();
      }
      return times;
    })()`);
    const rate = Number(await page.locator('#side [data-rate="stdout"]').innerText());
    const clickMs = await page.evaluate<number>(`(async () => {
      const began = performance.now();
      document.querySelector('[data-log="pause"]').click();
      await new Promise(requestAnimationFrame);
      return performance.now() - began;
    })()`);
    await page.waitForSelector('.log-held:not([hidden])');
    const client = await context.newCDPSession(page);
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    table.row('log page: lines a second that arrive', rate, '/s');
    table.row('log page at that rate: frame, p95', percentile(frames, 0.95), 'ms', 100, 50);
    table.row('log page at that rate: Pause until it holds, drawn', clickMs, 'ms', 200, 50);
    table.row('log page after it: heap of the tab', usedSize / 2 ** 20, 'MiB', 150, 64);
    await context.close();
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}
