import type { Browser } from 'playwright-core';
import { openContext } from '../../tests/support/browser.ts';
import { type Fleet, startFleet } from '../../tests/support/fleet.ts';
import { until } from '../../tests/support/until.ts';
import type { Table } from '../hub/table.ts';
import { nowMs, percentile, watchFor } from './watch-screen.ts';

const CRASHES = 40;
const PROGRAMS = `[program:victim]
command=/bin/sleep 3600
startsecs=0
startretries=1000
autorestart=true
`;

/** A process killed on an agent host, until its row in a real browser shows the next pid's restart. */
export async function crashToRow(table: Table, browser: Browser): Promise<void> {
  const cleanUps: (() => void | Promise<void>)[] = [];
  const lifetime = { onTestFinished: (cleanUp: () => void | Promise<void>) => void cleanUps.push(cleanUp) };
  try {
    const fleet = await startFleet(lifetime, [{ name: 'web-01', kind: 'agent', programs: PROGRAMS }]);
    const context = await openContext(browser, 'wide', 'light');
    const page = await context.newPage();
    await page.goto(`${fleet.address}/processes?by=none&fold=0`);
    await page.fill('#user', 'admin');
    await page.fill('#password', fleet.password);
    await page.click('button[type=submit]');
    const row = '.row.process[data-target="web-01/victim:victim"]';
    await page.waitForSelector(row);
    await page.waitForSelector('.live.on', { state: 'attached' });
    const took: number[] = [];
    for (let n = 0; n < CRASHES; n++) {
      const { pid } = await until('the victim to run', () => running(fleet));
      const seen = await watchFor(page, `${row} .c-restarts`);
      const at = nowMs();
      process.kill(pid, 'SIGKILL');
      took.push((await seen()) - at);
    }
    table.row(
      'process crash on an agent host → changed row in a real browser, p50',
      percentile(took, 0.5),
      'ms',
    );
    table.row(
      'process crash on an agent host → changed row in a real browser, p95',
      percentile(took, 0.95),
      'ms',
      300,
      100,
    );
    await context.close();
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

async function running(fleet: Fleet): Promise<{ pid: number; restarts: number } | null> {
  const { processes } = await fleet.api('GET', '/fleet');
  const [victim] = processes;
  return victim?.state === 'RUNNING' && victim.pid !== 0 ? victim : null;
}
