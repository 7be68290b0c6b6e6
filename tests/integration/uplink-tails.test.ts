import { describe, test } from 'vitest';
import type { LinkTail, LinkTailPart, TailRequest } from '../../src/links/host-link.ts';
import { hostRow } from '../support/link-to.ts';
import type { Lifetime } from '../support/supervisors.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { startTestAgent, startUplinkHub } from '../support/uplink-hub.ts';

const stdout: TailRequest = { group: 'web', process: 'a', channel: 'stdout', lastBytes: 1_000, follow: true };

async function joined(t: Lifetime) {
  const hub = await startUplinkHub(t);
  hub.registry.tokens.set('good', { uses: 1 });
  const proxy = await TcpProxy.to(t, hub.port);
  const agent = startTestAgent(t, { port: proxy.port, token: 'good' });
  await until('snapshot', () => hub.sink.facts(agent.hostId));
  const link = hub.links.agentLink(hostRow({ id: agent.hostId, name: 'box', kind: 'agent' }));
  const writer = agent.supervisor.process('web:a').logs.stdout;
  if (writer === null) throw new Error('no log');
  return { hub, proxy, agent, link, writer };
}

/** Reads a tail as fast as it comes. */
function reading(t: Lifetime, tail: LinkTail): { parts: LinkTailPart[]; text(): string; bytes(): number } {
  const parts: LinkTailPart[] = [];
  t.onTestFinished(() => tail.close());
  void (async () => {
    for await (const part of tail) parts.push(part);
  })();
  const bytes = (): Buffer[] => parts.flatMap((part) => (part.kind === 'bytes' ? [part.data] : []));
  return {
    parts,
    text: () => Buffer.concat(bytes()).toString('utf8'),
    bytes: () => Buffer.concat(bytes()).length,
  };
}

describe.concurrent('log tails of an agent', () => {
  test('begin with the last bytes and go on with every line', async (t) => {
    const { link, writer } = await joined(t);
    writer.write(Buffer.from('one\ntwo\nthree\n'));
    const read = reading(t, link.tail({ ...stdout, lastBytes: 6 }));
    await until('end', () => read.text() === 'three\n');
    writer.write(Buffer.from('four ☃\n'));
    await until('more', () => read.text() === 'three\nfour ☃\n');
  });

  test('without follow they end', async (t) => {
    const { link, writer } = await joined(t);
    writer.write(Buffer.alloc(300_000, 'x'));
    const read = reading(t, link.tail({ ...stdout, lastBytes: 300_000, follow: false }));
    await until('end', () => read.parts.at(-1)?.kind === 'end');
    t.expect(read.bytes()).toBe(300_000);
  });

  test('a reader that stops is sent no more than its credit, and misses nothing it is not told of', async (t) => {
    const { link, writer } = await joined(t);
    const tail = link.tail(stdout);
    const iterator = tail[Symbol.asyncIterator]();
    t.onTestFinished(() => tail.close());
    const line = Buffer.from(`${'x'.repeat(99)}\n`);
    writer.write(line);
    let seen = 0;
    let skipped = 0;
    const take = async (): Promise<void> => {
      const { value } = await iterator.next();
      if (value?.kind === 'bytes') seen += value.data.length;
      if (value?.kind === 'skipped') skipped += value.bytes;
    };
    await take();
    t.expect(seen).toBe(100);
    const total = 40_000; // 4 MB
    for (let index = 1; index < total; index++) writer.write(line);
    while (seen + skipped < total * 100) await take();
    t.expect(seen + skipped).toBe(total * 100);
    t.expect(skipped).toBeGreaterThan(1_000_000);
    t.expect(seen).toBeLessThan(1_000_000);
  });

  test('go on from their offset after a cut, and say so', async (t) => {
    const { link, proxy, writer } = await joined(t);
    const read = reading(t, link.tail(stdout));
    writer.write(Buffer.from('before\n'));
    await until('before', () => read.text() === 'before\n');
    proxy.refuse(true);
    proxy.cut();
    await until('away', () => read.parts.at(-1)?.kind === 'away');
    writer.write(Buffer.from('meanwhile\n'));
    proxy.refuse(false);
    await until('after', () => read.text() === 'before\nmeanwhile\n');
    t.expect(read.parts.map((part) => part.kind)).toEqual(['bytes', 'away', 'back', 'bytes']);
  });

  test('tell of a log that was cleared', async (t) => {
    const { link, writer } = await joined(t);
    const read = reading(t, link.tail(stdout));
    writer.write(Buffer.from('old\n'));
    await until('old', () => read.text() === 'old\n');
    writer.clear();
    writer.write(Buffer.from('new\n'));
    await until('new', () => read.text() === 'old\nnew\n');
    t.expect(read.parts.some((part) => part.kind === 'replaced' || part.kind === 'truncated')).toBe(true);
  });

  test('end with the reason when there is no such process', async (t) => {
    const { link } = await joined(t);
    const read = reading(t, link.tail({ ...stdout, process: 'nobody' }));
    await until('end', () => read.parts.length > 0);
    t.expect(read.parts).toEqual([{ kind: 'end', says: 'there is no process web:nobody' }]);
  });

  test('end when their group is removed', async (t) => {
    const { agent, link } = await joined(t);
    const read = reading(t, link.tail(stdout));
    agent.supervisor.process('web:a').logs.stdout?.write(Buffer.from('x\n'));
    await until('open', () => read.text() === 'x\n');
    agent.supervisor.removeGroup('web');
    await until('end', () => read.parts.at(-1)?.kind === 'end');
  });
});
