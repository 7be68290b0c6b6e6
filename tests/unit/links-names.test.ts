import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { NameCache } from '../../src/links/name-cache.ts';
import { FakeClock } from '../support/fake-clock.ts';

const at = (address: string): LookupAddress[] => [{ address, family: 4 }];
const failure = (code: string): Error => Object.assign(new Error(code), { code });
const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise<void>((done) => setImmediate(done));
};

/** A name server that answers when told. */
class NameServer {
  readonly asked: { name: string; done: (found: LookupAddress[]) => void; fail: (error: Error) => void }[] =
    [];
  readonly clock = new FakeClock();
  readonly names = new NameCache(
    (name) => new Promise((done, fail) => this.asked.push({ name, done, fail })),
    this.clock,
  );
}

test('H31 a slow name server is asked two questions at a time, and once for a name many wait for', async () => {
  const server = new NameServer();
  const answers = ['a', 'b', 'c', 'a', 'a'].map((name) => server.names.resolve(name));
  await turns();
  expect(server.asked.map(({ name }) => name)).toEqual(['a', 'b']);
  server.asked[0]?.done(at('10.0.0.1'));
  await turns();
  expect(server.asked.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  for (const { done } of server.asked) done(at('10.0.0.2'));
  expect((await Promise.all(answers)).map(([first]) => first?.address)).toEqual([
    '10.0.0.1',
    '10.0.0.2',
    '10.0.0.2',
    '10.0.0.1',
    '10.0.0.1',
  ]);
});

test('H31 an address is used again for 30 s, and after that while the name server is slow or fails', async () => {
  const { names, clock, asked } = new NameServer();
  const first = names.resolve('a');
  await turns();
  asked[0]?.done(at('10.0.0.1'));
  expect(await first).toEqual(at('10.0.0.1'));
  clock.advance(29_999);
  expect(await names.resolve('a')).toEqual(at('10.0.0.1'));
  expect(asked).toHaveLength(1);
  clock.advance(1);
  const slow = names.resolve('a');
  await turns();
  expect(asked).toHaveLength(2);
  clock.advance(1_000);
  expect(await slow).toEqual(at('10.0.0.1'));
  const failed = names.resolve('a');
  asked[1]?.fail(failure('EAI_AGAIN'));
  expect(await failed).toEqual(at('10.0.0.1'));
});

test('H31 a host that moved is found at its new address, and one whose name is gone is gone', async () => {
  const { names, clock, asked } = new NameServer();
  const answered = async (answer: (n: number) => void, n: number): Promise<unknown> => {
    const found = names.resolve('a');
    await turns();
    answer(n);
    return found.catch((error: Error) => error.message);
  };
  await answered((n) => asked[n]?.done(at('10.0.0.1')), 0);
  clock.advance(30_000);
  expect(await answered((n) => asked[n]?.done(at('10.0.0.9')), 1)).toEqual(at('10.0.0.9'));
  clock.advance(30_000);
  expect(await answered((n) => asked[n]?.fail(failure('ENOTFOUND')), 2)).toBe('ENOTFOUND');
  expect(await answered((n) => asked[n]?.fail(failure('EAI_AGAIN')), 3)).toBe('EAI_AGAIN');
});
