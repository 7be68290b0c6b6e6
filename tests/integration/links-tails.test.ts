import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import type { LinkTail, LinkTailPart, TailRequest } from '../../src/links/host-link.ts';
import { linkTo } from '../support/link-to.ts';
import { type Lifetime, startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const config =
  '[program:log]\ncommand=sleep 1000\nstartsecs=0\nstdout_logfile={dir}/log.out\nstderr_logfile=NONE\n';
const stdout: TailRequest = {
  group: 'log',
  process: 'log',
  channel: 'stdout',
  lastBytes: 1_000,
  follow: true,
};

async function started(t: Lifetime) {
  const real = await startSupervisor(t, 'supervisord', { config });
  const { link, sink } = linkTo(t, `unix://${real.socketPath}`);
  await until('RUNNING', () => sink.process('h1', 'log:log')?.state === 'RUNNING');
  return { real, link, file: join(real.dir, 'log.out') };
}

function reading(t: Lifetime, tail: LinkTail): { parts: LinkTailPart[]; text(): string } {
  const parts: LinkTailPart[] = [];
  t.onTestFinished(() => tail.close());
  void (async () => {
    for await (const part of tail) parts.push(part);
  })();
  const text = (): string =>
    Buffer.concat(parts.flatMap((p) => (p.kind === 'bytes' ? [p.data] : []))).toString();
  return { parts, text };
}

describe.concurrent('log tails of a real supervisord', () => {
  test('RPC-121 begin inside a character, go on with colours and NUL, and lose no byte', async (t) => {
    const { link, file } = await started(t);
    writeFileSync(file, '日本語日本語\n');
    const read = reading(t, link.tail({ ...stdout, lastBytes: 8 }));
    await until('end of the past', () => read.text().includes('語\n'));
    appendFileSync(file, '\u001b[31mred\u001b[0m \u0000 naïve\r\nend\n');
    await until('more', () => read.text().endsWith('\u001b[31mred\u001b[0m \u0000 naïve\r\nend\n'));
  });

  test('every line of a log that grows by 2 MB in bursts comes once and in order', async (t) => {
    const { link, file } = await started(t);
    writeFileSync(file, 'begin\n');
    const read = reading(t, link.tail(stdout));
    let expected = 'begin\n';
    await until('begin', () => read.text() === expected);
    for (let burst = 0; burst < 4; burst++) {
      const text = Array.from({ length: 6_000 }, (_, line) => `${burst}-${line} ☃ ${'é'.repeat(30)}\n`).join(
        '',
      );
      appendFileSync(file, text);
      expected += text;
      await until(`burst ${burst}`, () => read.text().length === expected.length, { withinMs: 20_000 });
    }
    t.expect(read.text() === expected).toBe(true);
    t.expect(read.parts.every((part) => part.kind === 'bytes')).toBe(true);
  });

  test('a writer that outruns the reader: what is not shown is counted', async (t) => {
    const { link, file } = await started(t);
    writeFileSync(file, 'begin\n');
    const tail = link.tail(stdout);
    t.onTestFinished(() => tail.close());
    const iterator = tail[Symbol.asyncIterator]();
    t.expect((await iterator.next()).value).toMatchObject({ kind: 'bytes' });
    appendFileSync(file, `${'x'.repeat(99)}\n`.repeat(50_000));
    let seen = 0;
    let skipped = 0;
    while (seen + skipped < 5_000_000) {
      const { value } = await iterator.next();
      if (value?.kind === 'bytes') seen += value.data.length;
      if (value?.kind === 'skipped') skipped += value.bytes;
    }
    t.expect([seen + skipped, seen]).toEqual([5_000_000, 65_536]);
  });

  test('bytes that are no text are passed over and counted', async (t) => {
    const { real, link, file } = await started(t);
    const text = '日本語 é\n'.repeat(1_000);
    writeFileSync(
      file,
      Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe]), Buffer.from('after\n')]),
    );
    const read = reading(t, link.tail({ ...stdout, lastBytes: 100_000 }));
    await until('after', () => read.text() === `${text}after\n`);
    t.expect(read.parts).toContainEqual({ kind: 'skipped', bytes: 2 });
    t.expect(real.log()).not.toContain('Traceback');
  });

  test('a log that is replaced is read from its start', async (t) => {
    const { link, file } = await started(t);
    writeFileSync(file, 'old old old\n');
    const read = reading(t, link.tail(stdout));
    await until('old', () => read.text() === 'old old old\n');
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'new\n');
    await until('new', () => read.text() === 'old old old\nnew\n');
    t.expect(read.parts.map((part) => part.kind)).toEqual(['bytes', 'replaced', 'bytes']);
  });

  test('a host that goes away and comes back: the tail goes on from its offset', async (t) => {
    const { real, link, file } = await started(t);
    writeFileSync(file, 'one\n');
    const read = reading(t, link.tail(stdout));
    await until('one', () => read.text() === 'one\n');
    real.child.kill('SIGSTOP');
    await until('away', () => read.parts.at(-1)?.kind === 'away');
    appendFileSync(file, 'two\n');
    real.child.kill('SIGCONT');
    await until('two', () => read.text() === 'one\ntwo\n');
    t.expect(read.parts.map((part) => part.kind)).toEqual(['bytes', 'away', 'back', 'bytes']);
  });

  test('end with the reason: no process, no log; or with the log when not followed', async (t) => {
    const { link, file } = await started(t);
    writeFileSync(file, 'x'.repeat(200_000));
    const nobody = reading(t, link.tail({ ...stdout, process: 'nobody' }));
    const none = reading(t, link.tail({ ...stdout, channel: 'stderr' }));
    const once = reading(t, link.tail({ ...stdout, lastBytes: 150_000, follow: false }));
    await until('ends', () => [nobody, none, once].every(({ parts }) => parts.at(-1)?.kind === 'end'));
    t.expect(nobody.parts).toEqual([{ kind: 'end', says: 'there is no process log:nobody' }]);
    t.expect(none.parts).toEqual([{ kind: 'end', says: 'log:log has no stderr log' }]);
    t.expect(once.text()).toHaveLength(150_000);
  });
});
