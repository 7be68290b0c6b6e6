import { describe, expect, test } from 'vitest';
import type { SupervisorEvent } from '../../agent/src/events/event.ts';
import { createEventBus } from '../../agent/src/events/event-bus.ts';
import type { ListenerPool } from '../../agent/src/events/pool.ts';
import { createListenerPool } from '../../agent/src/events/pool.ts';
import { createSerials } from '../../agent/src/events/serials.ts';
import { createTicks } from '../../agent/src/events/ticks.ts';
import type { ProcessState } from '../../agent/src/protocol/states.ts';
import { FakeClock } from '../support/fake-clock.ts';

class FakeListener {
  readonly name: string;
  readonly got: string[] = [];
  runs: ProcessState = 'RUNNING';
  takes = true;

  constructor(name: string) {
    this.name = name;
  }

  state(): ProcessState {
    return this.runs;
  }

  writeStdin(bytes: Buffer): boolean {
    if (this.takes) this.got.push(bytes.toString());
    return this.takes;
  }

  /** The events it got, by `serial/poolserial type`. */
  events(): string[] {
    return this.got.map((text) =>
      text.replace(/.* serial:(\d+) .* poolserial:(\d+) eventname:(\S+) [\s\S]*/, '$1/$2 $3'),
    );
  }
}

function daemon() {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const bus = createEventBus((error) => errors.push(error));
  const ticks = createTicks(clock, bus);
  const serials = createSerials();
  const pool = (
    name: string,
    events: readonly string[],
    listeners: readonly FakeListener[],
    bufferSize = 10,
  ) => {
    const log = { error: say, warn: say, debug() {} };
    const made = createListenerPool({
      name,
      events,
      bufferSize,
      lengthIn: 'bytes',
      listeners,
      identifier: () => 'id',
      bus,
      ticks,
      serials,
      log,
    });
    for (const listener of listeners) made.spawned(listener.name);
    return made;
  };
  const comm = (data: string): void => bus.emit({ kind: 'remote-communication', type: 't', data });
  return { clock, bus, said, errors, pool, comm };
}

const say = (pool: ListenerPool, listener: FakeListener, text: string) =>
  pool.heard(listener.name, Buffer.from(text));
const running = (listener: FakeListener): SupervisorEvent => ({
  kind: 'process-state',
  process: { name: listener.name, group: 'l' },
  from: 'STARTING',
  to: 'RUNNING',
  wallMs: 0,
  pid: 1,
  tries: 0,
  expected: true,
  exit: null,
  spawnError: '',
});

describe('delivery', () => {
  test('EVT-056 one member handles an event: the first READY one in stored order', () => {
    const { pool, comm } = daemon();
    const [a, b, c] = [new FakeListener('a'), new FakeListener('b'), new FakeListener('c')] as const;
    const made = pool('l', ['REMOTE_COMMUNICATION'], [a, b, c]);
    say(made, c, 'READY\n');
    say(made, b, 'READY\n');
    comm('1');
    comm('2');
    expect([a, b, c].map((listener) => listener.events())).toEqual([
      [],
      ['0/0 REMOTE_COMMUNICATION'],
      ['1/1 REMOTE_COMMUNICATION'],
    ]);
  });

  test('EVT-057 waiting events go out oldest first as soon as somebody is READY', () => {
    const { pool, comm } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT'], [a]);
    for (const data of ['1', '2']) comm(data);
    say(made, a, 'READY\n');
    say(made, a, 'RESULT 2\nOKREADY\n');
    expect(a.got.map((text) => text.slice(-1))).toEqual(['1', '2']);
  });

  test('EVT-055 a listener that is READY gets nothing before it is RUNNING, and then at once', () => {
    const { bus, pool, comm } = daemon();
    const a = new FakeListener('a');
    a.runs = 'STARTING';
    const made = pool('l', ['REMOTE_COMMUNICATION'], [a]);
    say(made, a, 'READY\n');
    comm('1');
    expect(a.got).toEqual([]);
    a.runs = 'RUNNING';
    bus.emit(running(a));
    expect(a.events()).toEqual(['0/0 REMOTE_COMMUNICATION']);
  });

  test('EVT-036 EVT-037 EVT-038 a serial counts events somebody subscribed to, and is the same in every pool', () => {
    const { bus, pool, comm } = daemon();
    const [a, b] = [new FakeListener('a'), new FakeListener('b')] as const;
    say(pool('p', ['EVENT'], [a]), a, 'READY\n');
    const only = pool('q', ['REMOTE_COMMUNICATION'], [b]);
    bus.emit({ kind: 'group-added', group: 'g' });
    comm('1');
    say(only, b, 'READY\n');
    expect([a.events(), b.events()]).toEqual([['0/0 PROCESS_GROUP_ADDED'], ['1/0 REMOTE_COMMUNICATION']]);
  });

  test('EVT-062 a pool that names a type and its parent gets the event once', () => {
    const { pool, comm } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT', 'REMOTE_COMMUNICATION'], [a]);
    comm('1');
    expect(made.queued()).toBe(1);
  });

  test('EVT-066 a listener that no longer reads is passed over', () => {
    const { pool, comm } = daemon();
    const [a, b] = [new FakeListener('a'), new FakeListener('b')] as const;
    const made = pool('l', ['EVENT'], [a, b]);
    for (const listener of [a, b]) say(made, listener, 'READY\n');
    a.takes = false;
    comm('1');
    expect([a.events(), b.events()]).toEqual([[], ['0/0 REMOTE_COMMUNICATION']]);
    b.takes = false;
    comm('2');
    expect(made.queued()).toBe(1);
  });

  test('EVT-027 a closed pool hears nothing more', () => {
    const { clock, pool, comm } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT'], [a]);
    made.close();
    comm('1');
    expect([made.queued(), clock.pending()]).toEqual([0, 0]);
  });

  test('EVT-030 log chunks are wanted only while a pool subscribes to them', () => {
    const { bus, pool } = daemon();
    expect(bus.wantsLogs()).toBe(false);
    const made = pool('l', ['PROCESS_LOG_STDERR'], [new FakeListener('a')]);
    expect(bus.wantsLogs()).toBe(true);
    const log = { process: { name: 'p', group: 'g' }, pid: 1, data: Buffer.from('x') };
    bus.emit({ kind: 'process-log', channel: 'stdout', ...log });
    bus.emit({ kind: 'process-log', channel: 'stderr', ...log });
    expect(made.queued()).toBe(1);
    made.close();
    expect(bus.wantsLogs()).toBe(false);
  });
});

describe('rejection', () => {
  test('EVT-048 EVT-064 EVT-065 a rejected event is given again at once, with the same serials', () => {
    const { pool, comm, said } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT'], [a]);
    say(made, a, 'READY\n');
    comm('1');
    say(made, a, 'RESULT 4\nFAILREADY\n');
    expect(a.events()).toEqual(['0/0 REMOTE_COMMUNICATION', '0/0 REMOTE_COMMUNICATION']);
    expect(said).toEqual(['a: event was rejected']);
  });

  test('EVT-063 it goes back to the pool that rejected it and to no other', () => {
    const { pool, comm } = daemon();
    const [a, b] = [new FakeListener('a'), new FakeListener('b')] as const;
    const made = pool('p', ['REMOTE_COMMUNICATION'], [a]);
    const other = pool('q', ['PROCESS_STATE'], [b]);
    say(made, a, 'READY\n');
    comm('1');
    say(made, a, 'RESULT 4\nFAIL');
    expect([made.queued(), other.queued()]).toEqual([1, 0]);
  });

  test('EVT-047 a bad result line rejects the event and ends the conversation', () => {
    const { pool, comm, said } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT'], [a]);
    say(made, a, 'READY\n');
    comm('1');
    say(made, a, 'RESULT x\nREADY\n');
    expect(said).toEqual([
      "a: bad result line: 'RESULT x'",
      'a: has entered the UNKNOWN state and will no longer receive events, ' +
        'this usually indicates the process violated the eventlistener protocol',
    ]);
    expect([a.got.length, made.queued()]).toEqual([1, 1]);
  });

  test('EVT-052 EVT-053 a listener that dies with an event in hand gives it back; its successor begins anew', () => {
    const { pool, comm } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT'], [a]);
    say(made, a, 'READY\n');
    comm('1');
    a.runs = 'EXITED';
    made.ended('a');
    expect(made.queued()).toBe(1);
    a.runs = 'RUNNING';
    made.spawned('a');
    say(made, a, 'READY\n');
    expect(a.events()).toHaveLength(2);
  });
});

describe('overflow', () => {
  test('EVT-059 a full buffer drops its oldest event and says which', () => {
    const { pool, comm, said } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT'], [a], 2);
    for (const data of ['1', '2', '3']) comm(data);
    expect(said).toEqual(['pool l event buffer overflowed, discarding event 0']);
    say(made, a, 'READY\n');
    expect(a.events()).toEqual(['1/1 REMOTE_COMMUNICATION']);
  });

  test('EVT-060 putting a rejected event back into a full buffer drops the oldest waiting', () => {
    const { pool, comm, said } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT'], [a], 1);
    say(made, a, 'READY\n');
    for (const data of ['1', '2']) comm(data);
    say(made, a, 'RESULT 4\nFAILREADY\n');
    expect(said[1]).toBe('pool l event buffer overflowed, discarding event 1');
    expect(a.events()).toEqual(['0/0 REMOTE_COMMUNICATION', '0/0 REMOTE_COMMUNICATION']);
  });

  test('EVT-040 a listener that is stuck over text that is not ASCII is told of once, with what may mend it', () => {
    const { pool, comm, said } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT'], [a], 2);
    say(made, a, 'READY\n');
    for (const data of ['é', '1', '2', '3', '4']) comm(data);
    const hints = said.filter((line) => line.includes('set length_in=characters'));
    expect(hints).toEqual([expect.stringMatching(/^a: is still busy with text that is not ASCII/)]);
    const plain = daemon();
    const b = new FakeListener('b');
    const other = plain.pool('l', ['EVENT'], [b], 2);
    say(other, b, 'READY\n');
    for (const data of ['e', 'é', '2', '3', '4']) plain.comm(data);
    expect(plain.said.join()).not.toContain('length_in');
  });

  test('A50 a listener hung for 500 events costs a bounded queue, and the loss is counted when it is back', () => {
    const { pool, comm, said } = daemon();
    const a = new FakeListener('a');
    const made = pool('l', ['EVENT'], [a], 10);
    for (let i = 0; i < 500; i++) comm(String(i));
    expect([made.queued(), made.discarded()]).toEqual([10, 490]);
    say(made, a, 'READY\n');
    for (let i = 0; i < 10; i++) say(made, a, 'RESULT 2\nOKREADY\n');
    expect(said.at(-1)).toBe('pool l lost 490 events while no listener was ready');
  });
});

test('a subscriber that throws is reported and the others still hear', () => {
  const { bus, errors, comm } = daemon();
  const heard: string[] = [];
  bus.subscribe(() => {
    throw new Error('a bug');
  });
  bus.subscribe((event) => heard.push(event.kind));
  comm('1');
  expect([heard, errors.map(String)]).toEqual([['remote-communication'], ['Error: a bug']]);
});
