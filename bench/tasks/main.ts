import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchBrowser, openContext } from '../../tests/support/browser.ts';
import { until } from '../../tests/support/until.ts';
import { Hand } from './hand.ts';
import { TASKS } from './tasks.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** `npm run bench:tasks`: ten tasks on the demo fleet, with the clicks, keys and seconds each takes in Chromium. */
async function main(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'fleetvisor-tasks-'));
  const port = await freePort();
  const fleet = spawn(
    process.execPath,
    [join(ROOT, 'scripts/start.mjs'), '--data', data, '--port', `${port}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let printed = '';
  fleet.stdout.on('data', (text) => {
    printed += text;
  });
  const ended = new Promise((done) => fleet.once('exit', done));
  const browser = await launchBrowser();
  try {
    const password = await until(
      'the demo fleet',
      () =>
        printed.includes('Ctrl-C ends everything') ? /with the password (\S+)\n/.exec(printed)?.[1] : null,
      { withinMs: 120_000 },
    );
    const address = `http://127.0.0.1:${port}`;
    await addUnreachable(address, join(data, 'cli.json'));
    const page = await (await openContext(browser, 'wide', 'light')).newPage();
    await page.goto(address);
    await page.fill('#user', 'admin');
    await page.fill('#password', password);
    await page.click('button[type=submit]');
    await page.waitForSelector('.problem.m-fatal', { timeout: 120_000 });
    await page.waitForSelector('.problem.m-unreachable', { timeout: 120_000 });
    console.log('| task | clicks and keys | texts typed | seconds |\n|---|---|---|---|');
    for (const task of TASKS) {
      const hand = new Hand(page, address);
      await hand.begin();
      const beganMs = performance.now();
      await task.run(hand);
      const seconds = (performance.now() - beganMs) / 1_000;
      console.log(`| ${task.name} | ${hand.clicks} | ${hand.texts} | ${seconds.toFixed(1)} |`);
    }
  } finally {
    await browser.close();
    fleet.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

/** A host nobody answers for. */
async function addUnreachable(address: string, profile: string): Promise<void> {
  const { token } = JSON.parse(readFileSync(profile, 'utf8'));
  const answer = await fetch(`${address}/api/v1/hosts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'old-01', url: 'http://127.0.0.1:9/RPC2', environment: 'demo' }),
  });
  if (!answer.ok) throw new Error(`cannot add old-01: ${answer.status} ${await answer.text()}`);
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

await main();
