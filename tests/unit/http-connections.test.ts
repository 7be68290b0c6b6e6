import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { Connections } from '../../agent/src/http/connections.ts';
import { FakeClock } from '../support/fake-clock.ts';

const LIMITS = { maxOpen: 3, requestMs: 10_000, idleMs: 1_800_000, stalledMs: 60_000 };

/** A socket as far as the connections look at it. */
class FakeSocket extends EventEmitter {
  bytesRead = 0;
  bytesWritten = 0;
  writableLength = 0;
  destroyed = false;

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function opened() {
  const clock = new FakeClock();
  const connections = new Connections(clock, LIMITS);
  const add = () => {
    const socket = new FakeSocket();
    connections.add(socket as unknown as Socket);
    return {
      socket,
      enter: (phase: 'reading' | 'answering' | 'streaming' | 'idle') =>
        connections.enter(socket as unknown as Socket, phase),
    };
  };
  return { clock, connections, add };
}

test('abuse 11: a request that does not get finished ends its connection, also a later one', () => {
  const { clock, add } = opened();
  const [fresh, later] = [add(), add()];
  later.enter('idle');
  clock.advance(60_000);
  expect([fresh.socket.destroyed, later.socket.destroyed]).toEqual([true, false]);
  later.socket.bytesRead = 5;
  clock.advance(22_000);
  expect(later.socket.destroyed).toBe(true);
});

test('RPC-019 a waiting call and a stream stay as long as they like, an idle connection half an hour', () => {
  const { clock, add } = opened();
  const [call, stream, idle] = [add(), add(), add()];
  call.enter('answering');
  stream.enter('streaming');
  idle.enter('idle');
  clock.advance(1_790_000);
  expect(idle.socket.destroyed).toBe(false);
  clock.advance(30_000);
  expect([call.socket.destroyed, stream.socket.destroyed, idle.socket.destroyed]).toEqual([
    false,
    false,
    true,
  ]);
});

test('abuse 10: an answer nobody takes ends its connection, a slow reader keeps his', () => {
  const { clock, add } = opened();
  const [deaf, slow] = [add(), add()];
  for (const { socket, enter } of [deaf, slow]) {
    enter('answering');
    [socket.bytesWritten, socket.writableLength] = [1_000_000, 1_000_000];
  }
  for (let i = 0; i < 10; i++) {
    clock.advance(10_000);
    slow.socket.writableLength -= 1_000;
  }
  expect([deaf.socket.destroyed, slow.socket.destroyed]).toEqual([true, false]);
});

test('RPC-173 when it is full, the longest silent one makes room, and nobody who is being answered', () => {
  const { add, connections } = opened();
  const [waiting, first, second] = [add(), add(), add()];
  waiting.enter('answering');
  add().enter('answering');
  expect([waiting, first, second].map(({ socket }) => socket.destroyed)).toEqual([false, true, false]);
  add().enter('answering');
  expect(second.socket.destroyed).toBe(true);
  expect(add().socket.destroyed).toBe(true);
  connections.closeAll();
  expect(waiting.socket.destroyed).toBe(true);
});

test('nothing ticks while nobody is connected', () => {
  const { clock, add } = opened();
  expect(clock.pending()).toBe(0);
  const { socket } = add();
  expect(clock.pending()).toBe(1);
  socket.destroy();
  expect(clock.pending()).toBe(0);
});
