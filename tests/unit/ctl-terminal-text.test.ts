import fc from 'fast-check';
import { expect, test } from 'vitest';
import { neutralised, StreamNeutraliser } from '../../agent/src/cli/terminal-text.ts';

const obeyed = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
const piece = fc.constantFrom(
  '\x1b[31m',
  '\x1b]0;t\x07',
  '\x1b',
  '[',
  'm',
  '\x07',
  '\x9b',
  '\r',
  '\n',
  'é',
  'a',
  '\x1b\\',
);

test('colours, titles and other sequences are left out, newlines and tabs stay', () => {
  expect(neutralised('\x1b[1;31mred\x1b[0m\tand \x1b]0;title\x07more\r\n')).toBe('red\tand more\n');
});

test('a control character that is no sequence is shown, not sent', () => {
  expect(neutralised('a\rb\x07c\x7f')).toBe('a^Mb^Gc^?');
});

test('whatever is put in, a terminal is given nothing to obey', () => {
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      expect(neutralised(pieces.join(''))).not.toMatch(obeyed);
    }),
  );
});

test('a stream cut anywhere gives nothing to obey either', () => {
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat(40)), (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(''));
      const stream = new StreamNeutraliser();
      let at = 0;
      let out = '';
      for (const length of cuts) {
        out += stream.push(bytes.subarray(at, at + length));
        at += length;
      }
      out += stream.push(bytes.subarray(at)) + stream.end();
      expect(out).not.toMatch(obeyed);
    }),
  );
});

test('a colour and a character cut in two are seen as one', () => {
  const stream = new StreamNeutraliser();
  const bytes = Buffer.from('a\x1b[31mé');
  expect(
    stream.push(bytes.subarray(0, 3)) + stream.push(bytes.subarray(3, 7)) + stream.push(bytes.subarray(7)),
  ).toBe('aé');
});
