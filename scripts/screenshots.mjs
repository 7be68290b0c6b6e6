// `npm run screenshots`: takes the README's pictures of the console from the real demo fleet, in a data folder of its own.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { giveUp, root } from './prepare.mjs';

const WIDE = { viewport: { width: 1400, height: 900 }, deviceScaleFactor: 1 };
/** Logs do not compress well: fewer lines keep their picture small. */
const LOW = { viewport: { width: 1400, height: 640 }, deviceScaleFactor: 1 };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true };

/** Each picture: its file, where it is taken and what is clicked before. */
const LOOKS = [
  { end: '', as: WIDE },
  { end: '-dark', as: { ...WIDE, colorScheme: 'dark' } },
  { end: '-phone', as: PHONE },
  { end: '-zh', as: { ...WIDE, locale: 'zh-CN' } },
];
/** The pages of docs/pictures, each in every look. */
const PAGES = [
  { name: 'overview', path: '/' },
  { name: 'processes', path: '/processes?by=host' },
  { name: 'groups', path: '/groups' },
  { name: 'group', path: '/groups/web' },
  { name: 'hosts', path: '/hosts' },
  { name: 'host', path: '/hosts/web-02' },
  { name: 'process', path: '/processes/web-02/outbox:outbox' },
  { name: 'logs', path: '/logs?target=web%3A*&find=items', until: '.log-line mark' },
  { name: 'actions', path: '/actions' },
  { name: 'alerts', path: '/alerts', until: '.alert' },
  { name: 'alert-settings', path: '/settings/alerts', until: '.alert-rule' },
];
const PICTURES = [
  { file: 'overview.png', path: '/', as: WIDE },
  { file: 'overview-dark.png', path: '/', as: { ...WIDE, colorScheme: 'dark' } },
  { file: 'processes.png', path: '/processes?by=host', as: WIDE },
  {
    file: 'plan.png',
    path: '/groups/web',
    as: WIDE,
    click: ['.page-head [data-verb=restart]', '[data-mode=rolling]'],
    until: '.sketch',
  },
  { file: 'process.png', path: '/processes/web-02/outbox:outbox', as: WIDE },
  { file: 'logs.png', path: '/logs?target=web%3A*&find=items', as: LOW, until: '.log-line mark' },
  { file: 'alerts.png', path: '/alerts', as: LOW, until: '.alert' },
  { file: 'phone.png', path: '/', as: PHONE },
  ...PAGES.flatMap(({ name, path, until }) =>
    LOOKS.map(({ end, as }) => ({ file: `pictures/${name}${end}.png`, path, as, until })),
  ),
];

const out = resolve(process.argv[2] ?? join(root, 'docs'));
const data = await mkdtemp(join(tmpdir(), 'fleetvisor-pictures-'));
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const fleet = spawn(
  process.execPath,
  [join(root, 'scripts/start.mjs'), '--data', data, '--port', `${port}`],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const ended = new Promise((done) => fleet.once('exit', done));
try {
  const password = await firstPassword();
  await mkdir(join(out, 'pictures'), { recursive: true });
  await takeAll(password);
} finally {
  fleet.kill('SIGTERM');
  await ended;
  await rm(data, { recursive: true, force: true });
}

function freePort() {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => done(free));
    });
  });
}

/** The fleet's first password, once all of the fleet answers. */
function firstPassword() {
  let printed = '';
  return new Promise((done) => {
    const failed = () => giveUp(`The demo fleet did not start:\n${printed}`);
    fleet.once('exit', failed);
    fleet.stdout.on('data', (text) => {
      printed += text;
      const [, password] = /with the password (\S+)\n/.exec(printed) ?? [];
      if (password === undefined || !printed.includes('Ctrl-C ends everything')) return;
      fleet.off('exit', failed);
      done(password);
    });
  });
}

async function takeAll(password) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  const { storageState, csrf } = await signedIn(browser, password);
  await liveALittle(browser, storageState, csrf);
  for (const { file, path, as, click = [], until } of PICTURES) {
    const look = { colorScheme: 'light', locale: 'en-GB', ...as };
    const context = await browser.newContext({ ...look, storageState });
    const page = await context.newPage();
    // What fails in the demo fleet has failed, and every list is filled.
    await page.goto(address);
    await page.waitForSelector('.problem.m-fatal');
    await page.goto(`${address}${path}`);
    await page.waitForSelector('.live.on', { state: 'attached' });
    for (const selector of click) await page.click(selector);
    if (until !== undefined) await page.waitForSelector(until);
    await page.evaluate('document.fonts.ready');
    await page.screenshot({ path: join(out, file), animations: 'disabled' });
    process.stdout.write(`${join(out, file)}\n`);
    await context.close();
  }
  await browser.close();
}

/** One session for all pictures: signing in often is slowed down on purpose. */
async function signedIn(browser, password) {
  const context = await browser.newContext();
  const answer = await context.request.post(`${address}/api/v1/session`, {
    data: { user: 'admin', password },
    headers: { origin: address },
  });
  const { csrf } = await answer.json();
  const storageState = await context.storageState();
  await context.close();
  return { storageState, csrf };
}

/** A fleet that was never touched has nothing to show: somebody restarts a group, and a worker is killed. */
async function liveALittle(browser, storageState, csrf) {
  const context = await browser.newContext({ storageState });
  const headers = { origin: address, 'x-csrf-token': csrf };
  for (const data of [
    { verb: 'signal', signal: 'KILL', selector: 'work-01/worker:*' },
    { verb: 'restart', selector: 'web-01/web:*', pace: { mode: 'rolling' } },
  ]) {
    const begun = await context.request.post(`${address}/api/v1/actions`, { data, headers });
    const { id } = await begun.json();
    for (let ended = false; !ended; ) {
      await new Promise((done) => setTimeout(done, 200));
      const action = await (await context.request.get(`${address}/api/v1/actions/${id}`)).json();
      ended = action.finishedAtMs !== null;
    }
  }
  await context.close();
}
