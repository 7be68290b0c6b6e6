import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnsiStripper } from '../../agent/src/logs/strip-ansi.ts';

function strip(...pieces: readonly (string | Buffer)[]): string {
  const stripper = new AnsiStripper();
  const kept = pieces.map((piece) => Buffer.from(stripper.strip(Buffer.from(piece))));
  return Buffer.concat([...kept, stripper.end()]).toString('latin1');
}

test('PROC-102 colours and cursor movements are dropped, the text between them is not', () => {
  expect(strip('\x1b[31mred\x1b[0m plain \x1b[1;4mbold\x1b[0m end\n')).toBe('red plain bold end\n');
  for (const letter of 'HfABCDRsuJKhlpm') expect(strip(`a\x1b[12;3${letter}b`)).toBe('ab');
  expect(strip('a\x1b[?25lb')).toBe('ab');
});

test('a sequence cut by a read is dropped as if it had not been', () => {
  expect(strip('a\x1b', '[3', '1', 'mred\x1b[', '0m', 'b')).toBe('aredb');
});

test('an escape that begins no sequence stays, also as the last byte', () => {
  expect(strip('a\x1bb\x1b\x1b[0mc')).toBe('a\x1bb\x1bc');
  expect(strip('a\x1b')).toBe('a\x1b');
  expect(strip('\x1b', 'M')).toBe('\x1bM');
});

test('a sequence that is never finished costs no line that follows', () => {
  expect(strip('a\x1b[31\nb\x1b[', '\nc')).toBe('a\nb\nc');
});

test('text without escapes is passed on without a copy', () => {
  const text = Buffer.from('plain');
  expect(new AnsiStripper().strip(text)).toBe(text);
});

test('any splitting gives what the whole gives', () => {
  const byte = fc.constantFrom(0x1b, 0x5b, 0x33, 0x3b, 0x6d, 0x4b, 0x0a, 0x61, 0xc3, 0xa9);
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 8 })), fc.array(fc.array(byte)), (plain, coded) => {
      const pieces = [...plain, ...coded].map((piece) => Buffer.from(piece));
      expect(strip(...pieces)).toBe(strip(Buffer.concat(pieces)));
    }),
  );
});

test('what is kept is the input without its sequences', () => {
  const sequence = fc.stringMatching(/^[0-9;?]{0,6}[HfABCDRsuJKhlpm]$/).map((tail) => `\x1b[${tail}`);
  const text = fc.stringMatching(/^[a-z é\n]{0,10}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(text, sequence)), (parts) => {
      const whole = parts.map(([words, code]) => words + code).join('');
      const wanted = parts.map(([words]) => words).join('');
      expect(strip(whole)).toBe(Buffer.from(wanted).toString('latin1'));
    }),
  );
});
