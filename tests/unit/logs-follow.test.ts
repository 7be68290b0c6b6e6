import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Follow, FollowPart } from '../../agent/src/logs/log-file.ts';
import type { LogWriter } from '../../agent/src/logs/log-writer.ts';
import { createLogWriters } from '../../agent/src/logs/log-writers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLogFiles } from '../support/fake-log-files.ts';

interface Bench {
  readonly clock: FakeClock;
  readonly files: FakeLogFiles;
  readonly writer: LogWriter;
  /** What was heard so far: bytes joined, other parts as `<kind>`. */
  heard(): string;
  readonly follow: Follow;
  write(text: string): void;
}

function followed({ maxBytes = 0, backups = 0, before = '', from = 0 } = {}): Bench {
  const clock = new FakeClock();
  const files = new FakeLogFiles();
  const writers = createLogWriters({ clock, files, report: { error() {}, warn() {} } });
  const writer = writers.take({ path: '/x.log', maxBytes, backups, mode: 0o666 });
  writer.open();
  const write = (text: string) => writer.write(Buffer.from(text, 'latin1'));
  write(before);
  let text = '';
  const hear = (part: FollowPart) => {
    text += part.kind === 'bytes' ? part.data.toString('latin1') : `<${part.kind}>`;
  };
  const follow = writer.follow(from, hear);
  return { clock, files, writer, follow, write, heard: () => text };
}

test('what is there from the offset on is told at once, and every write in its own turn', () => {
  const { heard, write } = followed({ before: 'hello', from: 3 });
  expect(heard()).toBe('lo');
  write(' world');
  expect(heard()).toBe('lo world');
});

test('RPC-149 rotation is told in its place and nothing is missed', () => {
  const { heard, write } = followed({ maxBytes: 4, backups: 1 });
  for (const text of ['aaa', 'aa', 'b']) write(text);
  expect(heard()).toBe('aaaaa<replaced>b');
});

test('rotation without backups is a truncation', () => {
  const { heard, write } = followed({ maxBytes: 4 });
  for (const text of ['aaaa', 'bbb', 'b']) write(text);
  expect(heard()).toBe('aaaa<truncated>bbbb<truncated>');
});

test('a cleared log goes on from the start of the new one', () => {
  const { heard, write, writer } = followed({ before: 'old' });
  writer.clear();
  write('new');
  expect(heard()).toBe('old<replaced>new');
});

test('RPC-150 a file others cut is told as truncated and read from its start', () => {
  const { files, heard, write } = followed({ before: 'hello' });
  const inode = files.names.get('/x.log');
  if (inode !== undefined) inode.data = Buffer.alloc(0);
  write('a');
  expect(heard()).toBe('hello<truncated>a');
});

test('RPC-150 a file others cut is noticed although it has grown to its old size, or past it', () => {
  for (const after of ['again', 'and more']) {
    const { files, heard, write } = followed({ before: 'hello' });
    const inode = files.names.get('/x.log');
    if (inode !== undefined) inode.data = Buffer.alloc(0);
    write(after);
    expect(heard()).toBe(`hello<truncated>${after}`);
  }
});

test('a cut while the listener is held is told once it goes on', () => {
  const { files, follow, heard, write } = followed({ before: 'hello' });
  follow.hold();
  const inode = files.names.get('/x.log');
  if (inode !== undefined) inode.data = Buffer.alloc(0);
  write('again');
  expect(heard()).toBe('hello');
  follow.resume();
  expect(heard()).toBe('hello<truncated>again');
});

test('what others append, and a file they put in its place, are found within a second', () => {
  const { clock, files, heard, writer } = followed();
  writer.release(); // nobody writes any more
  const inode = files.names.get('/x.log');
  if (inode !== undefined) inode.data = Buffer.from('by others');
  clock.advance(1_000);
  files.rename('/x.log', '/x.log.old');
  files.put('/x.log', 'new');
  clock.advance(1_000);
  expect(heard()).toBe('by others<replaced>new');
});

test('a log that is not there yet is followed once it is', () => {
  const clock = new FakeClock();
  const files = new FakeLogFiles();
  const writers = createLogWriters({ clock, files, report: { error() {}, warn() {} } });
  const writer = writers.take({ path: '/x.log', maxBytes: 0, backups: 0, mode: 0o666 });
  let text = '';
  const follow = writer.follow(0, (part) => {
    if (part.kind === 'bytes') text += part.data;
  });
  writer.open();
  writer.write(Buffer.from('first'));
  expect(text).toBe('first');
  follow.close();
});

test('a held follower hears nothing; resumed, it hears all of it, over several rotations', () => {
  const { follow, heard, write } = followed({ maxBytes: 3, backups: 5 });
  follow.hold();
  for (const text of ['aaa', 'bbb', 'ccc', 'd']) write(text);
  expect(heard()).toBe('');
  follow.resume();
  expect(heard()).toBe('aaa<replaced>bbb<replaced>ccc<replaced>d');
});

test('a held follower sees that the file was emptied meanwhile, however long it has grown since', () => {
  const { follow, heard, write } = followed({ maxBytes: 3 });
  write('a');
  follow.hold();
  write('aa');
  write('bb');
  follow.resume();
  expect(heard()).toBe('a<truncated>bb');
});

test('an answer of false holds', () => {
  const clock = new FakeClock();
  const files = new FakeLogFiles();
  const writers = createLogWriters({ clock, files, report: { error() {}, warn() {} } });
  const writer = writers.take({ path: '/x.log', maxBytes: 0, backups: 0, mode: 0o666 });
  writer.open();
  let parts = 0;
  const follow = writer.follow(0, () => {
    parts += 1;
    return false;
  });
  writer.write(Buffer.alloc(200_000));
  writer.write(Buffer.alloc(200_000));
  expect(parts).toBe(1);
  follow.resume();
  expect(parts).toBe(2);
});

test('a closed follower leaves no descriptor and no timer', () => {
  const { clock, files, follow, write, writer } = followed();
  write('a');
  follow.close();
  writer.release();
  clock.advance(1_000);
  expect([files.openDescriptors(), clock.pending()]).toEqual([0, 0]);
});

test('whatever is written, held, rotated and resumed: every byte is told once, in order', () => {
  const act = fc.oneof(
    fc.stringMatching(/^[a-z]{1,6}$/).map((text) => ({ kind: 'write' as const, text })),
    fc.constantFrom({ kind: 'hold' as const }, { kind: 'resume' as const }, { kind: 'reopen' as const }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (acts, maxBytes) => {
      const { follow, heard, write, writer } = followed({ maxBytes, backups: 100 });
      for (const step of acts) {
        if (step.kind === 'write') write(step.text);
        else if (step.kind === 'reopen') writer.reopen();
        else follow[step.kind]();
      }
      follow.resume();
      const written = acts.map((step) => (step.kind === 'write' ? step.text : '')).join('');
      expect(heard().replaceAll('<replaced>', '')).toBe(written);
    }),
  );
});
