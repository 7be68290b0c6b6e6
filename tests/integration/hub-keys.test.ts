import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { test, vi } from 'vitest';
import type { HostView } from '../../src/api/contract.ts';
import { openStore } from '../../src/store/store.ts';
import { FLEETVISOR } from '../support/fleet-cli.ts';
import { MIGRATIONS, startTestHub } from '../support/hub.ts';
import { seeded } from '../support/seeded.ts';
import { run, startSupervisor, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What a hub shows to whoever connects as an agent. */
async function shownKey(address: string): Promise<string> {
  const socket = io(`${address}/uplink`, {
    transports: ['websocket'],
    reconnection: false,
    auth: { nonce: 'n' },
  });
  try {
    return await new Promise((done, fail) =>
      socket.on('challenge', ({ hubKey }) => done(hubKey)).on('connect_error', fail),
    );
  } finally {
    socket.close();
  }
}

test('H32 the hub’s key is rotated under a running hub: its agent follows at the next connection, and no former key is ended before', async (t) => {
  const dataFolder = join(tempDir(t), 'data');
  const verb = (...words: string[]) => run([...FLEETVISOR, 'hub', ...words, '--data', dataFolder]);
  const hub = await startTestHub(t, { dataFolder });
  const { token } = (await hub.ask('POST', '/join-tokens', {})).body;
  const dir = tempDir(t);
  const identity = join(dir, 'identity.json');
  const config = `[fleetvisor]\nhub=${hub.hub.address}\njoin_token=${token}\nname=box\nidentity=${identity}\n`;
  const reaches = (kind: string) =>
    until(kind, async () => {
      const hosts = (await hub.ask('GET', '/hosts')).body as HostView[];
      return hosts[0]?.reachability.kind === kind;
    });
  const agent = await startSupervisor(t, 'agent', { config });
  await reaches('reachable');
  const pinned = () => JSON.parse(readFileSync(identity, 'utf8')).hubKey;
  const before: string = await until('the agent to have kept the key', pinned);
  await verb('rotate-key', '--end-former');

  const rotated = await verb('rotate-key');
  t.expect([rotated.code, rotated.err]).toEqual([0, '']);
  t.expect(rotated.out).toContain('1 agent pinned the former one: each follows');
  const early = await verb('rotate-key', '--end-former');
  t.expect(early.code).toBe(1);
  t.expect(early.err).toContain('not followed yet, and without the former key to join anew: box.');
  const doctor = await verb('doctor');
  t.expect([doctor.code, doctor.out]).toEqual([
    0,
    t.expect.stringContaining('these agents have not followed to the new one: box'),
  ]);

  await until('the running hub to have seen it', async () => (await shownKey(hub.hub.address)) !== before);
  await agent.stop();
  await reaches('unreachable');
  const again = await startSupervisor(t, 'agent', { config });
  await reaches('reachable');
  await until('the agent to say so', () =>
    again.log().includes('the hub has a new key, for which the pinned one vouches'),
  );
  await until('the new pin', () => pinned() !== before);
  const ended = await until('the hub to know', async () => {
    const asked = await verb('rotate-key', '--end-former', '--json');
    return asked.code === 0 ? JSON.parse(asked.out) : null;
  });
  t.expect(ended).toMatchObject({ ended: [t.expect.stringMatching(/^SHA256:/)], behind: [] });
  t.expect((await verb('doctor')).out).not.toContain('hub key');
  t.expect((await hub.ask('GET', '/audit?text=rotate-key')).status).toBe(200);
  t.expect(hub.bugs).toEqual([]);
});

/** More of them with `FLEETVISOR_KILLS`. */
const KILLS = Number(process.env.FLEETVISOR_KILLS ?? 8);

test(`${KILLS} changes of hub.key, each killed at a random moment: the hub starts, and reads everything`, async (t) => {
  const dataFolder = join(tempDir(t), 'data');
  const open = () => openStore({ dataFolder, migrations: MIGRATIONS, nowMs: 1 });
  const row = { atMs: 1, kind: 'begun', ends: null, actor: 'ada', way: 'hub', address: '' } as const;
  const first = open();
  const host = {
    id: 'h1',
    name: 'db',
    kind: 'supervisord',
    url: 'http://127.0.0.1:1',
    environment: null,
  } as const;
  first.hosts.add({ ...host, tags: [], disabled: false, createdAtMs: 1 });
  first.credentials.put('h1', { username: 'ops', password: 'canary' });
  const audited = { ...row, what: 'deed', target: '', detail: '', before: null, after: null, outcome: '' };
  for (let i = 0; i < 600; i++) first.audit.append(audited);
  first.close();
  const key = () => readFileSync(join(dataFolder, 'hub.key'), 'utf8');
  const reseal = [...FLEETVISOR, 'hub', 'reseal', '--data', dataFolder];
  const begunMs = performance.now();
  const whole = await run(reseal);
  t.expect([whole.code, whole.err, whole.out]).toEqual([
    0,
    '',
    t.expect.stringContaining('2 secrets are sealed'),
  ]);
  const takesMs = performance.now() - begunMs;
  const random = seeded(21);
  const keys = new Set([key()]);
  for (let n = 0; n < KILLS; n++) {
    await run(reseal, { timeoutMs: takesMs * (0.3 + random() * 0.7) });
    const store = open();
    const read = [store.credentials.of('h1')?.password, store.audit.verify().ok];
    store.close();
    t.expect(read, `kill ${n}`).toEqual(['canary', true]);
    keys.add(key());
  }
  const hub = await startTestHub(t, { dataFolder });
  t.expect(readdirSync(dataFolder)).not.toContain('hub.key.next');
  const running = await run(reseal);
  t.expect([running.code, running.err]).toEqual([1, t.expect.stringContaining('another hub is running')]);
  t.expect((await hub.ask('GET', '/hosts')).body).toHaveLength(1);
  t.expect(hub.bugs).toEqual([]);
});
