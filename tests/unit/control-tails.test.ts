import { describe, expect, test } from 'vitest';
import { EventFeed } from '../../src/control/event-feed.ts';
import { lineFilter } from '../../src/control/line-filter.ts';
import { Merge } from '../../src/control/merge.ts';
import { Pace } from '../../src/control/pace.ts';
import { lastLinesFirst } from '../../src/control/past-lines.ts';
import { Turnstile } from '../../src/control/turnstile.ts';
import type { FleetEvent } from '../../src/fleet/event.ts';
import type { TailLine } from '../../src/fleet/log-line.ts';
import { BrowserTail } from '../../src/live/browser-tail.ts';
import { FakeClock } from '../support/fake-clock.ts';

const settled = () => new Promise((done) => setImmediate(done));
const line = (text: string): TailLine => ({
  kind: 'line',
  source: 'h/g:p',
  channel: 'stdout',
  text,
  atMs: 0,
});
const lines = (...texts: string[]): TailLine[] => texts.map(line);

/** A stream that gives what is put in, when it is put in. */
class Source<T> implements AsyncIterator<T> {
  readonly #waiting: ((result: IteratorResult<T>) => void)[] = [];
  readonly #there: IteratorResult<T>[] = [];
  asked = 0;
  returned = false;

  give(value: T): void {
    this.#put({ done: false, value });
  }

  end(): void {
    this.#put({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<T>> {
    this.asked++;
    const there = this.#there.shift();
    return there === undefined ? new Promise((done) => this.#waiting.push(done)) : Promise.resolve(there);
  }

  return(): Promise<IteratorResult<T>> {
    this.returned = true;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  #put(result: IteratorResult<T>): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#there.push(result);
    else waiting(result);
  }
}

describe('the last lines of a log come first', () => {
  async function reading(count: number, bytes: number, mode: 'follow' | 'once' = 'follow') {
    const clock = new FakeClock();
    const source = new Source<readonly TailLine[]>();
    const seen: string[] = [];
    void (async () => {
      for await (const some of lastLinesFirst(source, { count, bytes, mode }, clock))
        seen.push(...some.map((one) => (one.kind === 'line' ? one.text : `-- ${one.says}`)));
      seen.push('<end>');
    })();
    await settled();
    return { clock, source, seen };
  }

  test('held until they pause for 250 ms, then all that follows', async () => {
    const { clock, source, seen } = await reading(2, 1_000);
    source.give(lines('1', '2'));
    await settled();
    clock.advance(249);
    source.give(lines('3'));
    await settled();
    clock.advance(249);
    await settled();
    expect(seen).toEqual([]);
    clock.advance(1);
    await settled();
    expect(seen).toEqual(['2', '3']);
    source.give(lines('4', '5', '6'));
    await settled();
    expect(seen).toEqual(['2', '3', '4', '5', '6']);
  });

  test('a log that never pauses is past for as many bytes as were asked for', async () => {
    const { source, seen } = await reading(1, 4);
    source.give(lines('1', '2'));
    source.give(lines('3'));
    await settled();
    expect(seen).toEqual(['2', '3']);
  });

  test('a log that is not followed is all past, however long it takes', async () => {
    const { clock, source, seen } = await reading(1, 1_000, 'once');
    source.give(lines('1'));
    await settled();
    clock.advance(60_000);
    source.give(lines('2'));
    source.end();
    await settled();
    expect(seen).toEqual(['2', '<end>']);
  });

  test('none of the past at all', async () => {
    const { clock, source, seen } = await reading(0, 1_000);
    source.give(lines('old'));
    await settled();
    clock.advance(250);
    source.give(lines('new'));
    await settled();
    expect(seen).toEqual(['new']);
  });
});

describe('a merge', () => {
  test('gives in order of arrival, one portion of each between two of any', async () => {
    const merge = new Merge<string>('when closed');
    const loud = new Source<string>();
    const quiet = new Source<string>();
    merge.add(loud);
    merge.add(quiet);
    for (const value of ['l1', 'l2', 'l3']) loud.give(value);
    quiet.give('q1');
    await settled();
    const reader = merge[Symbol.asyncIterator]();
    const seen = [];
    for (let i = 0; i < 4; i++) seen.push((await reader.next()).value);
    expect(seen).toEqual(['l1', 'q1', 'l2', 'l3']);
  });

  test('asks a stream for no more than was taken', async () => {
    const merge = new Merge<string>('when closed');
    const source = new Source<string>();
    merge.add(source);
    for (let i = 0; i < 100; i++) source.give(`${i}`);
    await settled();
    expect(source.asked).toBe(1);
    await merge[Symbol.asyncIterator]().next();
    await settled();
    expect(source.asked).toBe(1);
  });

  test('ends all its streams when it is closed while somebody waits', async () => {
    const merge = new Merge<string>('when closed');
    const source = new Source<string>();
    merge.add(source);
    const waiting = merge[Symbol.asyncIterator]().next();
    merge.close();
    expect((await waiting).done).toBe(true);
    expect(source.returned).toBe(true);
  });
});

test('a pace holds up what is large, not what is small, and forgives after a rest', async () => {
  const clock = new FakeClock();
  const pace = new Pace(1_000_000, clock);
  let taken = 0;
  const take = (bytes: number) => void pace.take(bytes).then(() => taken++);
  take(250_000);
  await settled();
  expect(taken).toBe(1);
  take(100_000);
  await settled();
  expect(taken).toBe(1);
  take(100);
  await settled();
  expect(taken).toBe(2);
  clock.advance(99);
  await settled();
  expect(taken).toBe(2);
  clock.advance(1);
  await settled();
  expect(taken).toBe(3);
});

test('a turnstile lets two per host and so many in all through, and forgets who gives up', async () => {
  const gate = new Turnstile(3, 2);
  const stop = new AbortController();
  const inside: string[] = [];
  const enter = async (host: string, name: string) => {
    const leave = await gate.enter(host, stop.signal);
    if (leave !== null) inside.push(name);
    return leave;
  };
  const first = await enter('a', 'a1');
  await enter('a', 'a2');
  void enter('a', 'a3');
  await enter('b', 'b1');
  void enter('b', 'b2');
  await settled();
  expect(inside).toEqual(['a1', 'a2', 'b1']);
  first?.();
  await settled();
  expect(inside).toEqual(['a1', 'a2', 'b1', 'a3']);
  stop.abort();
  expect(await gate.enter('c', stop.signal)).toBe(null);
});

describe('a filter', () => {
  test.each([
    ['(a+)+$', `${'a'.repeat(60_000)}!`],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(60_000)],
    ['(.*a){20}$', `${'a'.repeat(60_000)}b`],
  ])('%s takes no time to speak of', (regex, text) => {
    const filter = lineFilter({ regex });
    if (!filter.ok || filter.value === null) throw new Error('refused');
    const beganMs = performance.now();
    filter.value(text);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
  });

  test.each(['(?=x)', '(a)\\1', '(', '(a{1000}){1000}', 'x'.repeat(2_000)])(
    '%s is refused with a reason',
    (regex) => {
      expect(lineFilter({ regex })).toMatchObject({ ok: false, problems: [{ where: 'regex' }] });
    },
  );

  test('a text is taken as it is written', () => {
    const filter = lineFilter({ text: 'a.c' });
    expect(filter.ok && ['abc', 'a.c'].filter((one) => filter.value?.(one))).toEqual(['a.c']);
  });

  test.each([{ text: 'ERROR db' }, { regex: '^ERROR db' }])(
    '%o finds what is coloured in between',
    (wish) => {
      const filter = lineFilter(wish);
      expect(filter.ok && filter.value?.('\x1b[1;31mERROR\x1b[0m db')).toBe(true);
    },
  );
});

describe('events are followed from a number on', () => {
  const event = (id: number): FleetEvent => ({
    id,
    kind: 'host',
    atMs: id,
    hostId: 'h',
    host: 'h',
    state: 'reachable',
    says: '',
  });

  function feedOver(kept: FleetEvent[]) {
    let asked = 0;
    const store = {
      list: ({ after = 0, limit }: { after?: number | undefined; limit: number }) => {
        asked++;
        return kept.filter(({ id }) => id > after).slice(0, limit);
      },
      bounds: () => ({ first: kept[0]?.id ?? 0, last: kept.at(-1)?.id ?? 0 }),
    };
    const feed = new EventFeed(store, (error) => {
      throw error;
    });
    const write = (...events: FleetEvent[]): void => {
      kept.push(...events);
      feed.written(events);
    };
    return { feed, write, asked: () => asked };
  }

  async function following(feed: EventFeed, after: number | null) {
    const stop = new AbortController();
    const ids: number[] = [];
    const gaps: string[] = [];
    void (async () => {
      for await (const step of feed.follow({ wants: () => true }, after, stop.signal)) {
        ids.push(...step.events.map(({ id }) => id));
        if (step.gap !== undefined) gaps.push(step.gap);
      }
      ids.push(-1);
    })();
    await settled();
    return { ids, gaps, stop };
  }

  test('what was written before, what is written now, each once; and it ends by the signal', async () => {
    const { feed, write } = feedOver([1, 2, 3].map(event));
    const { ids, stop } = await following(feed, 1);
    write(event(4), event(5));
    await settled();
    write(event(6));
    await settled();
    stop.abort();
    await settled();
    expect(ids).toEqual([2, 3, 4, 5, 6, -1]);
  });

  test('those who are close are served without asking the store', async () => {
    const { feed, write, asked } = feedOver([event(1)]);
    const many = await Promise.all(Array.from({ length: 50 }, () => following(feed, null)));
    write(event(2));
    await settled();
    const before = asked();
    for (let id = 3; id < 100; id++) write(event(id));
    await settled();
    expect(many.every(({ ids }) => ids.length === 98 && ids.at(-1) === 99)).toBe(true);
    expect(asked()).toBe(before);
  });

  test('numbers that are not kept any more are told as a gap', async () => {
    const { feed } = feedOver([10, 11].map(event));
    const { ids, gaps } = await following(feed, 5);
    expect(gaps).toEqual(['what came before number 10 is not kept any more']);
    expect(ids).toEqual([10, 11]);
    expect((await following(feed, 9)).gaps).toEqual([]);
  });
});

test('H26 a browser that shows nothing has no more than 64 KiB and a portion on their way', async () => {
  const merge = new Merge<readonly TailLine[]>('when closed');
  const source = new Source<readonly TailLine[]>();
  merge.add(source);
  for (let i = 0; i < 100; i++) source.give([line('x'.repeat(60_000))]);
  let sent = 0;
  const tail = new BrowserTail(
    { lines: merge, close: () => merge.close() },
    {
      lines: (some) => {
        sent += some.length;
      },
      end: () => {},
    },
  );
  void tail.run();
  for (let i = 0; i < 10; i++) await settled();
  expect(sent).toBe(2);
  tail.grant(2);
  for (let i = 0; i < 10; i++) await settled();
  expect(sent).toBe(4);
  tail.close();
});
