import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { test } from 'vitest';
import type { Action } from '../../src/fleet/action.ts';
import { openStore } from '../../src/store/store.ts';
import { MIGRATIONS } from '../support/hub.ts';
import { type KillableHub, startKillableHub } from '../support/killable-hub.ts';
import { madeCrowd } from '../support/made-crowd.ts';
import { rawBrowser } from '../support/raw-browser.ts';
import { tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const AGENTS = 10;
const EACH = 5_000;
const ALL = AGENTS * EACH;
const READERS = 6;

/** An answer whose body nobody reads yet. */
function begun(hub: KillableHub, path: string): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    const headers = { authorization: `Bearer ${hub.token}` };
    get(`${hub.address}/api/v1${path}`, { headers, agent: false }, done).on('error', fail);
  });
}

async function rest(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('a hub of 256 MB heap shows 50,000 processes to many who read slowly, and to others meanwhile', async (t) => {
  const hub = await startKillableHub(t, { heapMiB: 256 });
  const hosts = Array.from({ length: AGENTS }, (_, n) => `host-${n}`);
  const processes = Array.from({ length: EACH }, (_, n) => `web:process-${n}`);
  await madeCrowd(t, hub, hosts, processes);
  const count = async (): Promise<number> =>
    (await hub.ask('GET', '/hosts')).body.reduce(
      (sum: number, host: { processCount: number }) => sum + host.processCount,
      0,
    );
  await until('all of them', async () => (await count()) === ALL, { withinMs: 40_000, everyMs: 200 });
  const whole = await rest(await begun(hub, '/fleet'));
  t.expect(JSON.parse(whole).processes).toHaveLength(ALL);
  const before = hub.rssMiB();
  const answers = await Promise.all(
    Array.from({ length: READERS }, (_, n) => begun(hub, n % 2 === 0 ? '/fleet' : '/processes')),
  );
  const cookie = await hub.session();
  for (let n = 0; n < READERS; n++) {
    const browser = await rawBrowser(t, hub.address, cookie);
    browser.send('42/live,0["watch"]');
    await until('the first of it', () => browser.heard.includes('process-1'));
    browser.socket.pause();
  }
  t.expect(JSON.parse(await rest(await begun(hub, '/fleet'))).processes).toHaveLength(ALL);
  t.expect(hub.rssMiB() - before, 'growth in MiB').toBeLessThan((READERS * whole.length) / 1024 ** 2);
  const texts = [];
  for (const answer of answers) texts.push(await rest(answer));
  for (const text of texts) {
    const body = JSON.parse(text);
    t.expect((body.processes ?? body).length).toBe(ALL);
  }
}, 120_000);

const ACTIONS = 30;
const TARGETS = 10_000;

/** Actions that are over, of a fleet that is not there. */
function withActions(data: string): void {
  const store = openStore({ dataFolder: data, migrations: MIGRATIONS, nowMs: 1 });
  const done = { kind: 'done', state: 'STOPPED', tookMs: 12 } as const;
  const targets = Array.from({ length: TARGETS }, (_, n) => ({
    hostId: `h${n}`,
    host: `host-${n}`,
    group: 'web',
    process: 'p',
    outcome: done,
  }));
  for (let n = 0; n < ACTIONS; n++) {
    const times = { startedAtMs: 1_000 + n, finishedAtMs: 2_000 + n, cancelledBy: null };
    store.actions.add({ id: `a${n}`, verb: 'stop', selector: '*', by: 'ada', ...times, targets });
  }
  store.close();
}

test('actions of 10,000 targets are answered bit by bit, in a heap smaller than they are, and others are answered meanwhile', async (t) => {
  const data = join(tempDir(t), 'data');
  withActions(data);
  const hub = await startKillableHub(t, { data, heapMiB: 96 });
  const list = await begun(hub, '/actions');
  for (let n = 0; n < 5; n++) t.expect((await hub.ask('GET', '/hosts')).body).toEqual([]);
  const text = await rest(list);
  const actions: Action[] = JSON.parse(text);
  t.expect(actions.map(({ id, targets }) => [id, targets.length])).toEqual(
    Array.from({ length: ACTIONS }, (_, n) => [`a${ACTIONS - 1 - n}`, TARGETS]),
  );
  t.expect((await hub.ask('GET', '/actions/a0')).body).toEqual(actions.at(-1));
  const followed = await (
    await fetch(`${hub.address}/api/v1/actions/a0/events`, {
      headers: { authorization: `Bearer ${hub.token}` },
    })
  ).text();
  t.expect(JSON.parse(followed.replace('event: action\ndata: ', ''))).toEqual(actions.at(-1));
  const browser = await rawBrowser(t, hub.address, await hub.session());
  browser.send('42/live,0["watch"]');
  await until('the last target', () => browser.heard.includes(`host-${TARGETS - 1}`));
  t.expect(browser.heard.match(/"action:news"/g)).toHaveLength(TARGETS / 500);
}, 60_000);
