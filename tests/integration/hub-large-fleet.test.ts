import { get, type IncomingMessage } from 'node:http';
import { test } from 'vitest';
import { type KillableHub, startKillableHub } from '../support/killable-hub.ts';
import { madeCrowd } from '../support/made-crowd.ts';
import { rawBrowser } from '../support/raw-browser.ts';
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
