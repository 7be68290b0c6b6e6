import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../src/control/line-splitter.ts';
import { tailLines } from '../../src/control/log-tail.ts';
import { Merge } from '../../src/control/merge.ts';
import type { LinkTailPart } from '../../src/links/host-link.ts';
import { FakeClock } from '../support/fake-clock.ts';

const all = (...parts: Buffer[]): string[] => {
  const splitter = new LineSplitter();
  return [...parts.flatMap((part) => splitter.push(part)), ...splitter.rest()];
};

test('lines are the same however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 7 }), (text, size) => {
      const bytes = Buffer.from(text);
      const parts: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
      expect(all(...parts)).toEqual(all(bytes));
    }),
  );
});

test('LF and CR LF end a line; a last line without an end is one too', () => {
  expect(all(Buffer.from('a\r\nb\n\nc\rd'))).toEqual(['a', 'b', '', 'c\rd']);
});

test('damaged UTF-8 is replaced, and never carried into the next line', () => {
  expect(all(Buffer.from([0xc3, 10, 0xa9, 10, 0x41, 0xff, 10]))).toEqual(['\ufffd', '\ufffd', 'A\ufffd']);
});

test('H25 of a line without end 64 KiB are shown at once, and the rest takes no memory', () => {
  const splitter = new LineSplitter();
  const shown: string[] = [];
  for (let i = 0; i < 64; i++) shown.push(...splitter.push(Buffer.alloc(65_536, 'x')));
  shown.push(...splitter.push(Buffer.from('\nnext\n')));
  expect(shown).toHaveLength(2);
  expect(shown[0]).toMatch(/^x{65536} … \[line cut after 64 KiB\]$/);
  expect(shown[1]).toBe('next');
});

async function* parts(...list: LinkTailPart[]): AsyncGenerator<LinkTailPart> {
  yield* list;
}

async function read(lastBytes: number, ...list: LinkTailPart[]): Promise<string[]> {
  const tail = Object.assign(parts(...list), { close() {} });
  const texts: string[] = [];
  for await (const lines of tailLines({ name: 'h/g:p', channel: 'stdout', tail, lastBytes }, new FakeClock()))
    texts.push(...lines.map((line) => (line.kind === 'line' ? line.text : `-- ${line.says}`)));
  return texts;
}

const bytes = (text: string): LinkTailPart => ({ kind: 'bytes', data: Buffer.from(text) });

test('a tail that begins in the middle of a line begins with the next one', async () => {
  expect(await read(8, bytes('alf\nnext\n'))).toEqual(['next']);
  expect(await read(100, bytes('whole\nnext\n'))).toEqual(['whole', 'next']);
  expect(await read(4, bytes('only'))).toEqual(['only']);
});

test('what happened to the log is said in its place', async () => {
  expect(
    await read(0, bytes('a'), { kind: 'replaced' }, bytes('b\n'), { kind: 'skipped', bytes: 7 }),
  ).toEqual([
    'a',
    '-- the log was rotated',
    'b',
    '-- 7 bytes were written faster than they could be shown, and are left out',
  ]);
});

test('a reader that stops asking stops the source', async () => {
  let made = 0;
  async function* endless() {
    for (;;) yield made++;
  }
  const merge = new Merge<number>('with its last stream');
  merge.add(endless());
  merge.add(endless());
  const merged = merge[Symbol.asyncIterator]();
  for (let i = 0; i < 10; i++) await merged.next();
  await new Promise((done) => setImmediate(done));
  expect(made).toBeLessThanOrEqual(12);
  await merged.return?.(undefined);
});
