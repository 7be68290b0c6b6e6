import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogWriter } from '../../agent/src/logs/log-writer.ts';
import { createLogWriters } from '../../agent/src/logs/log-writers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLogFiles } from '../support/fake-log-files.ts';

interface Bench {
  readonly clock: FakeClock;
  readonly files: FakeLogFiles;
  readonly said: string[];
  readonly writer: LogWriter;
  write(...texts: readonly string[]): void;
}

function opened({
  maxBytes = 0,
  backups = 0,
  path = '/x.log',
  kind = 'file' as 'file' | 'pipe',
} = {}): Bench {
  const clock = new FakeClock();
  const files = new FakeLogFiles();
  if (kind === 'pipe') files.put(path, '', 'pipe');
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const writers = createLogWriters({ clock, files, report: { error: say, warn: say } });
  const writer = writers.take({ path, maxBytes, backups, mode: 0o666 });
  writer.open();
  const write = (...texts: readonly string[]) => {
    for (const text of texts) writer.write(Buffer.from(text, 'latin1'));
  };
  return { clock, files, said, writer, write };
}

describe('rotation', () => {
  test('PROC-097 a file that has reached its limit after a write becomes .1, .1 becomes .2, the last is overwritten', () => {
    const { files, write } = opened({ maxBytes: 4, backups: 2 });
    write('aaa', 'a');
    expect([files.text('/x.log'), files.text('/x.log.1')]).toEqual(['', 'aaaa']);
    write('bbbbbb', 'cccc', 'dd');
    expect(['', '.1', '.2', '.3'].map((end) => files.text(`/x.log${end}`))).toEqual([
      'dd',
      'cccc',
      'bbbbbb',
      null,
    ]);
  });

  test('PROC-098 without backups the file is emptied', () => {
    const { files, write } = opened({ maxBytes: 4 });
    write('aaaa', 'b');
    expect([...files.names.keys()].map((path) => [path, files.text(path)])).toEqual([['/x.log', 'b']]);
  });

  test('a line begun in the write that fills the file goes on in the next one', () => {
    const { files, write } = opened({ maxBytes: 8, backups: 1 });
    write('one\ntwo\nthr', 'ee\n');
    expect([files.text('/x.log.1'), files.text('/x.log')]).toEqual(['one\ntwo\n', 'three\n']);
  });

  test('PROC-099 backups above the number wanted now are left alone', () => {
    const { files, write } = opened({ maxBytes: 1, backups: 1 });
    files.put('/x.log.2', 'old');
    write('a');
    expect(files.text('/x.log.2')).toBe('old');
  });

  test('arbitrary writes are all in the files, once and in order, and no line is cut that could be whole', () => {
    const line = fc.stringMatching(/^[a-z]{0,5}$/).map((text) => `${text}\n`);
    const chunk = fc.oneof(
      line,
      fc.array(line, { maxLength: 4 }).map((lines) => lines.join('')),
      fc.stringMatching(/^[a-z]{1,5}$/),
    );
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (chunks, maxBytes) => {
        const { files, write } = opened({ maxBytes, backups: 100 });
        write(...chunks);
        const numbers = [...files.names.keys()]
          .map((path) => Number(path.slice('/x.log.'.length)))
          .sort((a, b) => b - a);
        const parts = numbers.map((n) => files.text(n === 0 ? '/x.log' : `/x.log.${n}`) ?? '');
        expect(parts.join('')).toBe(chunks.join(''));
        const isOnlyLines = chunks.every((text) => text.endsWith('\n') || text === '');
        if (isOnlyLines) expect(parts.slice(0, -1).every((part) => part.endsWith('\n'))).toBe(true);
      }),
    );
  });

  test('A25 a backup name that cannot be taken stops rotation, not logging, and is told once', () => {
    const { clock, files, said, write } = opened({ maxBytes: 2, backups: 1 });
    files.locked.add('/x.log.1');
    write('aa', 'bb', 'cc');
    clock.advance(11_000);
    write('dd');
    expect(files.text('/x.log')).toBe('aabbccdd');
    expect(said).toEqual(["cannot rotate '/x.log' (EACCES), it goes on growing"]);
    files.locked.clear();
    clock.advance(11_000);
    write('ee');
    expect([files.text('/x.log'), files.text('/x.log.1')]).toEqual(['', 'aabbccddee']);
  });

  test('when the new file cannot be made, writing goes on in the one that was moved away', () => {
    const { clock, files, write } = opened({ maxBytes: 2, backups: 1 });
    files.locked.add('/x.log');
    write('aa', 'bb');
    expect(files.text('/x.log.1')).toBe('aabb');
    files.locked.clear();
    clock.advance(3_000);
    write('cc');
    expect(files.text('/x.log.1')).toBe('aabb');
  });

  test('A23 a file others emptied is not rotated before it is full again', () => {
    const { files, write } = opened({ maxBytes: 4, backups: 1 });
    write('aaa');
    const inode = files.names.get('/x.log');
    if (inode !== undefined) inode.data = Buffer.alloc(0);
    write('bb');
    expect([files.text('/x.log'), files.text('/x.log.1')]).toEqual(['bb', null]);
  });
});

describe('what cannot be written', () => {
  test('A16 a full disk is told when it begins and, with the bytes lost, when it is over', () => {
    const { clock, files, said, write } = opened();
    files.room = 3;
    write('abcde', 'fgh');
    expect(said).toEqual(["cannot write to '/x.log' (ENOSPC), output is lost until it can be"]);
    files.room = 100;
    clock.advance(1_500);
    write('i');
    expect(said[1]).toBe("writing to '/x.log' again, 5 bytes were lost");
    expect(files.text('/x.log')).toBe('abci');
  });

  test('A18 an input/output error is counted the same way, and told also when the log is closed under it', () => {
    const { files, said, write, writer } = opened();
    files.appendError = 'EIO';
    write('abc');
    writer.release();
    expect(said).toEqual([
      "cannot write to '/x.log' (EIO), output is lost until it can be",
      "closing '/x.log', 3 bytes were lost",
    ]);
    expect(files.openDescriptors()).toBe(0);
  });

  test('A21 a deleted log is made again by the first write two seconds later', () => {
    const { clock, files, write } = opened();
    write('a');
    files.names.delete('/x.log');
    write('lost with the file');
    clock.advance(2_000);
    write('b');
    expect(files.text('/x.log')).toBe('b');
  });

  test('A20 a log whose folder is gone costs its bytes only, and comes back with the folder', () => {
    const { clock, files, said, write } = opened();
    files.names.delete('/x.log');
    files.locked.add('/x.log');
    clock.advance(2_000);
    write('abc');
    expect(said).toEqual(["cannot write to '/x.log' (EACCES), output is lost until it can be"]);
    files.locked.clear();
    clock.advance(2_000);
    write('d');
    expect(files.text('/x.log')).toBe('d');
    expect(said[1]).toBe("writing to '/x.log' again, 3 bytes were lost");
  });

  test('PROC-100 a moved log is written on until it is reopened', () => {
    const { clock, files, writer, write } = opened();
    files.rename('/x.log', '/moved');
    clock.advance(60_000);
    write('a');
    writer.reopen();
    write('b');
    expect([files.text('/moved'), files.text('/x.log')]).toEqual(['a', 'b']);
  });

  test('A19 a directory in the place of the log is the opener’s error', () => {
    const { files, writer } = opened();
    files.names.delete('/x.log');
    files.put('/x.log', '', 'directory');
    expect(() => writer.open()).toThrow('EISDIR');
  });
});

describe('pipes', () => {
  test('a slow reader gets every byte in order, later', () => {
    const { clock, files, write } = opened({ kind: 'pipe' });
    files.pipeRoom = 2;
    write('abc', 'de');
    expect(files.text('/x.log')).toBe('ab');
    files.pipeRoom = 100;
    clock.advance(10);
    expect(files.text('/x.log')).toBe('abcde');
    expect(clock.pending()).toBe(0);
  });

  test('a reader that never reads costs bounded memory and is told', () => {
    const { files, said, writer } = opened({ kind: 'pipe' });
    files.pipeRoom = 0;
    for (let i = 0; i < 6; i++) writer.write(Buffer.alloc(1024 * 1024));
    expect(said).toEqual(["cannot write to '/x.log' (EAGAIN), output is lost until it can be"]);
  });

  test('are never rotated or cleared, and cannot be read back', () => {
    const { files, writer, write } = opened({ kind: 'pipe', maxBytes: 1, backups: 1 });
    write('aaa');
    writer.clear();
    expect([[...files.names.keys()], writer.readable]).toEqual([['/x.log'], false]);
  });
});

test('channels that name one path share its file, position and rotation', () => {
  const clock = new FakeClock();
  const files = new FakeLogFiles();
  const writers = createLogWriters({ clock, files, report: { error() {}, warn() {} } });
  const [a, b] = [1, 2].map(() => writers.take({ path: '/x.log', maxBytes: 4, backups: 1, mode: 0o666 }));
  a?.open();
  b?.open();
  a?.write(Buffer.from('aa'));
  b?.write(Buffer.from('bb'));
  b?.write(Buffer.from('c'));
  expect([files.text('/x.log.1'), files.text('/x.log')]).toEqual(['aabb', 'c']);
  a?.release();
  expect(files.openDescriptors()).toBe(1);
  b?.release();
  expect(files.openDescriptors()).toBe(0);
});
