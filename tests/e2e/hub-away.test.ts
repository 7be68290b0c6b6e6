import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { hostsReady, joining, type KillableHub, startKillableHub } from '../support/killable-hub.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** Browsers that stay open while the hub goes away, and while they sleep themselves. */
const COUNTER = `[program:count]
command=/bin/sh -c 'i=0; while :; do i=$((i+1)); echo "count $i"; sleep 0.2; done'
stopasgroup=true
startsecs=0
stdout_logfile={dir}/count.log
[program:idle]
command=/bin/sleep 1000
process_name=idle_%(process_num)02d
numprocs=40
startsecs=0
`;

let hub: KillableHub;
let agent: TestSupervisor;
let browser: Browser;
let context: BrowserContext;
const lifetime = sharedLifetime();

beforeAll(async () => {
  hub = await startKillableHub(lifetime);
  agent = await startSupervisor(lifetime, 'agent', { config: COUNTER + (await joining(hub, 'new-1')) });
  const stock = await startSupervisor(lifetime, 'supervisord', { config: COUNTER });
  await hub.ask('POST', '/hosts', { name: 'old-1', url: `unix://${stock.socketPath}` });
  await hostsReady(hub, 2);
  browser = await launchBrowser();
  context = await openContext(browser, 'wide', 'light');
  await context.request.post(`${hub.address}/api/v1/session`, {
    data: { user: 'admin', password: hub.password },
    headers: { origin: hub.address },
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
});

/** A page that would tell of a reload: what was written on its window would be gone. */
async function openAt(path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${hub.address}${path}`);
  await page.waitForSelector('.live.on', { state: 'attached' });
  await page.evaluate('window.notReloaded = true');
  return page;
}
const isSamePage = (page: Page): Promise<boolean> => page.evaluate<boolean>('window.notReloaded === true');

/** The target of a row of the agent's in the middle of the table. */
const inMiddle = (page: Page): Promise<string | undefined> =>
  page.evaluate<string | undefined>(`(() => {
    const box = document.getElementById('rows').getBoundingClientRect();
    const rows = [...document.querySelectorAll('.row.process[data-target^="new-1/idle"]')];
    return rows.find((row) => row.getBoundingClientRect().top > box.top + 80)?.dataset.target;
  })()`);

/** The numbers the counter of a host wrote, as the log shows them. */
async function counted(page: Page): Promise<number[]> {
  const texts = await page.locator('.log-line .log-text').allInnerTexts();
  return texts.flatMap((text) => /^count (\d+)$/.exec(text.trim())?.[1] ?? []).map(Number);
}
async function countsOn(page: Page, after: number): Promise<number[]> {
  return until(
    `a line after ${after}`,
    async () => {
      const numbers = await counted(page);
      if ((numbers.at(-1) ?? 0) <= after) throw new Error(`${numbers.at(-1)}`);
      return numbers;
    },
    { withinMs: 40_000 },
  );
}
function expectNoneTwice(numbers: readonly number[]): void {
  const wanted = numbers.map((_, at) => (numbers[0] ?? 0) + at);
  expect(numbers).toEqual(wanted);
}

for (const [way, host] of [
  ['stop', 'new-1'],
  ['kill', 'old-1'],
] as const)
  test(`a hub that goes away (${way}) is said to be, and comes back by itself: no reload, selection and scroll kept, no line of ${host} twice`, async () => {
    const table = await openAt('/processes?by=none&fold=0&sort=name');
    await table.setViewportSize({ width: 1400, height: 500 });
    const log = await openAt(`/logs?target=${host}/count:count`);
    await log.setViewportSize({ width: 1400, height: 4000 });
    const last = (await countsOn(log, 3)).at(-1) ?? 0;
    const rows = table.locator('.row.process[data-target^="new-1/idle"]');
    await rows.first().waitFor();
    await table.locator('#rows').evaluate((box) => box.scrollTo(0, 420));
    const target = await until('a row in the middle', () => inMiddle(table));
    const ticked = table.locator(`.row.process[data-target="${target}"]`);
    await ticked.locator('.tick').click();
    await table.waitForSelector('.bulk');
    const scrollTop = (): Promise<number> => table.evaluate('document.getElementById("rows").scrollTop');
    const before = await scrollTop();
    expect(before).toBeGreaterThan(0);

    await hub[way]();
    for (const page of [table, log]) {
      await page.waitForSelector('.live.off', { state: 'attached' });
      expect(await page.innerText('.live')).toMatch(/^offline since \d\d:\d\d(, showing \d\d:\d\d)?$/);
    }
    expect(await log.textContent('.log-status')).toBe('waiting for the hub');
    expect(await table.locator('.row.process').count()).toBeGreaterThan(5);
    if (way === 'stop') await agent.rpc('stopProcess', target.split('/')[1]);
    await hub.start();
    for (const page of [table, log])
      await page.waitForSelector('.live.on', { state: 'attached', timeout: 40_000 });
    if (way === 'stop') await ticked.and(table.locator('.m-stopped')).waitFor({ timeout: 40_000 });
    expect(await ticked.getAttribute('aria-selected')).toBe('true');
    expect(await scrollTop()).toBe(before);
    expectNoneTwice(await countsOn(log, last + 20));
    for (const page of [table, log]) {
      expect(await isSamePage(page)).toBe(true);
      await page.close();
    }
    if (way === 'stop') await agent.rpc('startProcess', target.split('/')[1]);
  });

test('a log that slept for an hour goes on where it was, with no line twice', async () => {
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.clock.install();
  await page.goto(`${hub.address}/logs?target=new-1/count:count`);
  await page.setViewportSize({ width: 1400, height: 4000 });
  await page.waitForSelector('.live.on', { state: 'attached' });
  const run = async <T>(look: () => Promise<T>): Promise<T> => {
    await page.clock.runFor(200);
    return look();
  };
  const last = await until('lines', () => run(async () => (await counted(page)).at(-1)));
  const client = await context.newCDPSession(page);
  await client.send('Page.setWebLifecycleState', { state: 'frozen' });
  await until(
    'more lines to be written',
    () => Number(/(\d+)\s*$/.exec(agent.read('count.log'))?.[1]) > last + 10,
  );
  await client.send('Page.setWebLifecycleState', { state: 'active' });
  await page.clock.fastForward('01:00:00');
  await page.clock.resume();
  expectNoneTwice(await countsOn(page, last + 15));
  expect(complaints).toEqual([]);
  await page.close();
});
