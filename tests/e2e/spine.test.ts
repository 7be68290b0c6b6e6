import { execFileSync } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { until } from '../support/until.ts';

/** Marks this run's programs in `ps`. */
const MARK = `spine-${process.pid}`;
const WEB = `[program:gunicorn]
command=/bin/sh -c 'echo "hello from $SUPERVISOR_PROCESS_NAME"; while :; do sleep 0.2; echo "\\033[32mbeat\\033[0m é"; done' ${MARK}
process_name=%(program_name)s_%(process_num)02d
numprocs=2
stopasgroup=true
[group:web]
programs=gunicorn
`;
const HOSTS = [
  { name: 'web-01', kind: 'agent', programs: WEB },
  { name: 'web-02', kind: 'agent', programs: `${WEB}[program:doomed]\ncommand=/bin/false\nstartretries=0\n` },
  { name: 'stock-01', kind: 'supervisord', programs: WEB },
] as const;

let fleet: Fleet;
let browser: Browser;
let page: Page;
let complaints: readonly string[] = [];
const lifetime = sharedLifetime();

beforeAll(async () => {
  fleet = await startFleet(lifetime, HOSTS);
  browser = await launchBrowser();
  page = await (await openContext(browser, 'wide', 'light')).newPage();
  complaints = complaintsOf(page);
  await page.goto(`${fleet.address}/processes?by=host&fold=0`);
  await page.fill('#user', 'admin');
  await page.fill('#password', fleet.password);
  await page.click('button[type=submit]');
  await page.waitForSelector('.row.process');
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  const started = await fleet.cli('start', 'group', 'web', '--yes');
  expect(started.code, started.err).toBe(0);
});

const row = (target: string) => page.locator(`.row.process[data-target="${target}"]`);
/** Pids of this run's web programs, by `ps`: nobody's word but the kernel's. */
function inPs(): number[] {
  const shells = execFileSync('ps', ['-eo', 'pid,ppid,stat,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(MARK) && line.includes('/bin/sh') && !/^\s*\d+\s+\d+ Z/.test(line))
    .map((line) => line.trim().split(/\s+/).map(Number));
  const pids = new Set(shells.map(([pid]) => pid));
  // A shell that is about to run "sleep" is for a moment two of the same name.
  return shells.flatMap(([pid = 0, parent]) => (pids.has(parent) ? [] : [pid]));
}

async function processOf(target: string) {
  const [host, name] = target.split('/') as [string, string];
  const { hosts, processes } = await fleet.api('GET', '/fleet');
  const hostId = hosts.find((each: { name: string }) => each.name === host).id;
  return processes.find((each: { hostId: string; group: string; name: string }) => {
    return each.hostId === hostId && `${each.group}:${each.name}` === name;
  });
}

test('the table shows every process of every host, agent or stock', async () => {
  await page.goto(`${fleet.address}/processes?by=host&fold=0`);
  for (const host of HOSTS) {
    for (const name of ['gunicorn_00', 'gunicorn_01']) {
      await row(`${host.name}/web:${name}`).waitFor();
      await until('RUNNING', async () =>
        (await row(`${host.name}/web:${name}`).innerText()).includes('RUNNING'),
      );
    }
  }
  expect(await row('web-02/doomed:doomed').innerText()).toContain('FATAL');
});

test('a child killed with SIGKILL changes its row without a reload', async () => {
  await page.goto(`${fleet.address}/processes?by=host&fold=0`);
  const before = await processOf('web-01/web:gunicorn_00');
  const restarts = await row('web-01/web:gunicorn_00').locator('.c-restarts').innerText();
  process.kill(before.pid, 'SIGKILL');
  await until('its restarts to count up in the row', async () => {
    const now = await row('web-01/web:gunicorn_00').locator('.c-restarts').innerText();
    return Number(now) > Number(restarts);
  });
  expect((await processOf('web-01/web:gunicorn_00')).pid).not.toBe(before.pid);
});

test('a group is stopped on every host from its page, with a plan before and one outcome per target after', async () => {
  expect(inPs()).toHaveLength(6);
  await page.goto(`${fleet.address}/groups/web`);
  await page.click('.page-head [data-do=plan][data-verb=stop]');
  await page.waitForSelector('.sheet-list');
  expect(await page.locator('.sheet-body .sentence').innerText()).toMatch(/6 processes on 3 hosts/);
  expect(inPs()).toHaveLength(6);
  await page.click('[data-do=run]');
  await page.waitForURL(/\/actions\//, { timeout: 5_000 }).catch(() => page.click('.job'));
  await until('nothing of the group in ps', () => inPs().length === 0);
  const action = await until('the report', async () => {
    const [latest] = await fleet.api('GET', '/actions');
    return latest.verb === 'stop' && latest.finishedAtMs !== null ? latest : undefined;
  });
  expect(action.targets.map((target: { outcome: { kind: string } }) => target.outcome.kind)).toEqual(
    Array(6).fill('done'),
  );
  await page.goto(`${fleet.address}/actions/${action.id}`);
  expect(await page.locator('.targets-list .outcome.k-done').count()).toBe(6);
});

test('a tail shows what the child prints, colours as colours', async () => {
  await page.goto(`${fleet.address}/processes/stock-01/${encodeURIComponent('web:gunicorn_01')}`);
  await until('lines in the log', async () => {
    const text = await page.locator('.log-lines').innerText();
    return text.includes('beat é') && !text.includes('\u001b');
  });
});

test('a supervisor that hangs is unreachable with its processes as last seen, and the page answers at once', async () => {
  const stock = fleet.hosts.get('stock-01');
  stock?.kill('SIGSTOP');
  try {
    await page.goto(`${fleet.address}/processes?by=host&fold=0`);
    await until('unreachable', async () => {
      const { hosts } = await fleet.api('GET', '/fleet');
      return (
        hosts.find((host: { name: string }) => host.name === 'stock-01').reachability.kind === 'unreachable'
      );
    });
    const at = performance.now();
    await page.goto(`${fleet.address}/hosts/stock-01`);
    expect(performance.now() - at).toBeLessThan(2_000);
    const text = await page.locator('main').innerText();
    expect(text).toContain('unreachable');
    expect(text).toContain('answers nothing within 5 s');
    expect(text).toContain('gunicorn_00');
    await page.goto(`${fleet.address}/processes?by=host&fold=0&host=stock-01`);
    await page.waitForSelector('.row.process.m-stale, .row.m-stale');
    const status = await fleet.cli('status');
    expect(status.out).toContain('unreachable');
    expect(status.out).toMatch(/web-01\/web:gunicorn_00\s+RUNNING/);
  } finally {
    stock?.kill('SIGCONT');
  }
  await until('back', async () => {
    const { hosts } = await fleet.api('GET', '/fleet');
    return hosts.find((host: { name: string }) => host.name === 'stock-01').reachability.kind === 'reachable';
  });
});

test('the fleet command stops and starts a group everywhere and exits by the worst outcome', async () => {
  const stopped = await fleet.cli('stop', 'group', 'web', '--yes');
  expect(stopped.code, stopped.err).toBe(0);
  expect(inPs()).toEqual([]);
  const started = await fleet.cli('start', 'web*/web:*', '--yes');
  expect(started.code, started.err).toBe(0);
  expect(inPs()).toHaveLength(4);
  const failed = await fleet.cli('start', 'web-02/doomed:*', '--yes');
  expect(failed.code).not.toBe(0);
  const json = JSON.parse((await fleet.cli('status', '--json')).out);
  expect(JSON.stringify(json)).toContain('gunicorn_01');
  const tail = await fleet.cli('tail', 'web-01/web:gunicorn_00');
  expect(tail.out).toContain('beat\u001b[0m é'); // a pipe gets the bytes as they are
});

test('nothing was complained of in the browser', () => {
  expect(complaints).toEqual([]);
});
