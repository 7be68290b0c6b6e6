import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';
import { newHubKey, startTestAgent, startUplinkHub } from '../support/uplink-hub.ts';

describe.concurrent('joining a hub', () => {
  test('abuse 3: a token makes a host, once; the key makes it come back without one', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('good', { uses: 1 });
    const agent = startTestAgent(t, { port: hub.port, token: 'good' });
    await until('snapshot', () => hub.sink.facts(agent.hostId));
    t.expect(hub.sink.keys(agent.hostId)).toEqual(['web:a', 'web:b']);
    t.expect(hub.sink.facts(agent.hostId)).toMatchObject({
      identifier: 'scripted',
      version: '0.1.0',
      clockSkewMs: 0,
    });
    t.expect(agent.log).toEqual([t.expect.stringMatching(/^INFO uplink: connected to the hub at http:/)]);

    const file = join(agent.dir, 'identity.json');
    t.expect(statSync(file).mode & 0o777).toBe(0o600);
    t.expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ hostId: agent.hostId });

    await agent.uplink.close();
    await until('away', () => hub.sink.reach(agent.hostId) === 'unreachable not-connected');
    const again = startTestAgent(t, { port: hub.port, dir: agent.dir });
    await until('back', () => hub.sink.reach(again.hostId) === 'reachable');
  });

  for (const [title, reason, row] of [
    ['is unknown', 'token-invalid', null],
    ['H16 was used', 'token-used', { uses: 0 }],
    ['H16 has expired', 'token-expired', { uses: 1, expired: true }],
  ] as const) {
    test(`abuse 3: a token that ${title} is refused, and told with its source`, async (t) => {
      const hub = await startUplinkHub(t);
      if (row !== null) hub.registry.tokens.set('fvj_secret', row);
      const agent = startTestAgent(t, { port: hub.port, token: 'fvj_secret' });
      const refusal = await until('refusal', () => hub.refused[0]);
      t.expect(refusal).toMatchObject({ reason, hostName: 'box', from: '127.0.0.1' });
      await until('log', () =>
        agent.log.some((line) => line.startsWith('WARN uplink: the hub refuses this host')),
      );
      t.expect(JSON.stringify([agent.log, hub.refused])).not.toContain('fvj_secret');
    });
  }

  test('abuse 3: two agents with one single-use token: one host', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('one', { uses: 1 });
    startTestAgent(t, { port: hub.port, token: 'one', name: 'first' });
    startTestAgent(t, { port: hub.port, token: 'one', name: 'second' });
    await until('one refused', () => hub.refused.some(({ reason }) => reason === 'token-used'));
    await until('one in', () => hub.sink.all.some((heard) => heard.kind === 'snapshot'));
    t.expect(hub.registry.hosts.size).toBe(1);
  });

  test('A60 a hub with another key is told nothing, and one line says so', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('good', { uses: 1 });
    const agent = startTestAgent(t, { port: hub.port, token: 'good' });
    await until('pinned', () => agent.log.length === 1);
    await agent.uplink.close();

    const impostor = await startUplinkHub(t, { registry: hub.registry, hubKey: newHubKey() });
    const again = startTestAgent(t, { port: impostor.port, dir: agent.dir });
    await until('distrust', () => again.log.length > 0);
    t.expect(again.log).toEqual([t.expect.stringContaining('another key than the one pinned')]);
    t.expect(impostor.sink.all).toEqual([]);
  });

  test('H32 a hub whose key was rotated is followed, for the former one vouches for it; then the former one is not needed', async (t) => {
    const old = await startUplinkHub(t);
    old.registry.tokens.set('good', { uses: 1 });
    const agent = startTestAgent(t, { port: old.port, token: 'good' });
    await until('pinned', () => agent.log.length === 1);
    await agent.uplink.close();
    const { registry } = old;
    const hubKey = newHubKey();

    const between = newHubKey();
    const rotated = await startUplinkHub(t, { registry, hubKey, former: [between, old.hubKey] });
    const following = startTestAgent(t, { port: rotated.port, dir: agent.dir });
    await until('in', () => following.log.length === 2);
    t.expect(following.log[0]).toContain('the hub has a new key, for which the pinned one vouches');
    t.expect([...registry.pinned.values()]).toEqual([hubKey.publicKey]);
    await following.uplink.close();

    const later = await startUplinkHub(t, { registry, hubKey });
    const followed = startTestAgent(t, { port: later.port, dir: agent.dir });
    await until('still in', () => followed.log.length === 1);
    t.expect(followed.log).toEqual([t.expect.stringContaining('connected to the hub')]);
  });

  test('H32 nobody but the pinned key vouches for another one', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('good', { uses: 1 });
    const agent = startTestAgent(t, { port: hub.port, token: 'good' });
    await until('pinned', () => agent.log.length === 1);
    await agent.uplink.close();
    const forged = { publicKey: hub.hubKey.publicKey, privateKey: newHubKey().privateKey };
    const impostor = await startUplinkHub(t, { hubKey: newHubKey(), former: [newHubKey(), forged] });
    const again = startTestAgent(t, { port: impostor.port, dir: agent.dir });
    await until('distrust', () => again.log.length > 0);
    t.expect(again.log).toEqual([t.expect.stringContaining('another key than the one pinned')]);
    t.expect(impostor.sink.all).toEqual([]);
  });

  test('a host that the hub forgot joins anew with another token put where the first one was, and with that one never', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('first', { uses: 5 });
    const dir = tempDir(t);
    const tokenFile = join(dir, 'token');
    writeFileSync(tokenFile, 'first');
    const agent = startTestAgent(t, { port: hub.port, tokenFile, dir });
    await until('in', () => agent.log.length === 1);
    const before = JSON.parse(readFileSync(join(dir, 'identity.json'), 'utf8')).privateKey;
    await agent.uplink.close();
    hub.registry.hosts.clear();

    const forgotten = startTestAgent(t, { port: hub.port, tokenFile, dir });
    await until('a refusal', () =>
      forgotten.log.some((line) => line.includes('the hub does not know this host')),
    );
    t.expect(hub.registry.hosts.size).toBe(0);
    await forgotten.uplink.close();
    writeFileSync(tokenFile, 'second');
    const waiting = startTestAgent(t, { port: hub.port, tokenFile, dir });
    await until('no such token', () => hub.refused.some(({ reason }) => reason === 'token-invalid'));
    t.expect(JSON.parse(readFileSync(join(dir, 'identity.json'), 'utf8')).privateKey).toBe(before);
    await waiting.uplink.close();
    hub.registry.tokens.set('second', { uses: 1 });
    const again = startTestAgent(t, { port: hub.port, tokenFile, dir });
    await until('in again', () => again.log.some((line) => line.includes('connected to the hub')));
    t.expect(JSON.parse(readFileSync(join(dir, 'identity.json'), 'utf8')).privateKey).not.toBe(before);
    t.expect(hub.registry.hosts.size).toBe(1);
  });

  test('a hub that is not there costs one line a minute', async (t) => {
    const hub = await startUplinkHub(t);
    await hub.close();
    const agent = startTestAgent(t, { port: hub.port, token: 'good' });
    await until('line', () => agent.log.length > 0);
    t.expect(agent.log).toEqual([
      t.expect.stringMatching(/^WARN uplink: no connection to the hub at .*ECONNREFUSED/),
    ]);
  });

  test('H14 abuse 3: a copied key: the second is refused, the first stays, both are known', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('good', { uses: 1 });
    const agent = startTestAgent(t, { port: hub.port, token: 'good' });
    await until('in', () => agent.log.length === 1);
    const copy = startTestAgent(t, { port: hub.port, dir: agent.dir, names: ['evil:x'] });
    const refusal = await until('refused', () => hub.refused[0]);
    t.expect(refusal).toMatchObject({ reason: 'duplicate-identity', hostId: agent.hostId });
    await until('the copy knows', () => copy.log.some((line) => line.includes('another agent is connected')));
    t.expect(hub.sink.reach(agent.hostId)).toBe('reachable');
    t.expect(hub.sink.keys(agent.hostId)).toEqual(['web:a', 'web:b']);
  });

  test('H17 a revoked key is out within a second, and its calls are cancelled', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('good', { uses: 1 });
    const agent = startTestAgent(t, {
      port: hub.port,
      token: 'good',
      callMethod: () => new Promise(() => {}),
    });
    await until('in', () => hub.sink.reach(agent.hostId) === 'reachable');
    const row = [...hub.registry.hosts.values()][0];
    if (row === undefined) throw new Error('no host');
    const call = hub.links
      .agentLink(row.host)
      .call({ id: 'c1', method: 'supervisor.stopProcess', params: ['web:a', false], deadlineMs: 60_000 });
    const ended = call.then(
      () => 'done',
      (error) => error.kind,
    );
    await until('called', () => agent.called.length === 1);
    row.revoked = true;
    const beganMs = performance.now();
    hub.links.revoke(agent.hostId);
    t.expect(hub.sink.reach(agent.hostId)).toBe('unreachable revoked');
    t.expect(await ended).toBe('cancelled');
    await until('the agent is told', () =>
      agent.log.some((line) => line.startsWith('WARN uplink: no connection')),
    );
    t.expect(performance.now() - beganMs).toBeLessThan(1_000);
    await until('and refused', () => hub.refused.some(({ reason }) => reason === 'revoked'));
  });

  test('abuse 13: whatever name an agent gives, it speaks for the host of its key alone; names of prototypes are names', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('good', { uses: 2 });
    const box = startTestAgent(t, { port: hub.port, token: 'good', name: 'box' });
    const other = startTestAgent(t, { port: hub.port, token: 'good', name: 'other', names: ['db:a'] });
    await until('both', () => hub.sink.facts(box.hostId) && hub.sink.facts(other.hostId));
    await box.uplink.close();
    const liar = startTestAgent(t, {
      port: hub.port,
      dir: box.dir,
      name: 'other',
      names: ['__proto__:constructor', 'constructor:__proto__', 'toString:valueOf'],
    });
    await until('the liar', () => hub.sink.keys(box.hostId).length === 3);
    t.expect(hub.sink.keys(box.hostId).sort()).toEqual([
      '__proto__:constructor',
      'constructor:__proto__',
      'toString:valueOf',
    ]);
    t.expect([liar.hostId, hub.sink.keys(other.hostId), hub.sink.reach(other.hostId)]).toEqual([
      other.hostId,
      ['db:a'],
      'reachable',
    ]);
    t.expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('abuse 3: an identity file others may read is not used', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('good', { uses: 1 });
    const dir = tempDir(t);
    const first = startTestAgent(t, { port: hub.port, token: 'good', dir });
    await until('in', () => first.log.length === 1);
    await first.uplink.close();
    chmodSync(join(dir, 'identity.json'), 0o644);
    const second = startTestAgent(t, { port: hub.port, dir });
    t.expect(second.log).toEqual([t.expect.stringContaining('chmod 600')]);
  });
});
