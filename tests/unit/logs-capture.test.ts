import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedBytes } from '../../agent/src/logs/bounded-bytes.ts';
import { Capture } from '../../agent/src/logs/capture.ts';

const BEGIN = '<!--XSUPERVISOR:BEGIN-->';
const END = '<!--XSUPERVISOR:END-->';

function captured(pieces: readonly string[]): { log: string; messages: string[] } {
  let log = '';
  let message = '';
  const messages: string[] = [];
  const capture = new Capture({
    text(data, isCaptured) {
      if (isCaptured) message += data;
      else log += data;
    },
    message() {
      messages.push(message);
      message = '';
    },
  });
  for (const piece of pieces) capture.feed(Buffer.from(piece));
  capture.end();
  return { log, messages };
}

test('PROC-109 what stands between the tokens is a message, the rest is log, the tokens are neither', () => {
  expect(captured([`before${BEGIN}one${END}between${BEGIN}${END}after\n`])).toEqual({
    log: 'beforebetweenafter\n',
    messages: ['one', ''],
  });
});

test('PROC-113 a short tail is not lost, not even one that looks like the beginning of a token', () => {
  expect(captured(['hi']).log).toBe('hi');
  expect(captured(['hi <!--XSUPER']).log).toBe('hi <!--XSUPER');
});

test('PROC-115 a message without its end token is dropped with the process', () => {
  expect(captured([`a${BEGIN}lost`])).toEqual({ log: 'a', messages: [] });
});

test('PROC-110 any splitting gives what the whole gives', () => {
  const part = fc.oneof(
    fc.constantFrom(BEGIN, END, '<', '<!--', '<!--XSUPERVISOR:', '-->', '\n'),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 20 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
      (parts, cuts) => {
        const whole = Buffer.from(parts.join('')).toString('latin1');
        const pieces: string[] = [];
        for (let at = 0; at < whole.length; ) {
          const length = cuts.next().value ?? 1;
          pieces.push(whole.slice(at, at + length));
          at += length;
        }
        expect(captured(pieces)).toEqual(captured([whole]));
      },
    ),
  );
});

test('PROC-112 a piece too many pushes out as many leading bytes as it has; one too long is kept whole', () => {
  const kept = new BoundedBytes(6);
  for (const piece of ['abc', 'def', 'gh']) kept.push(Buffer.from(piece));
  expect(kept.take().toString()).toBe('cdefgh');
  kept.push(Buffer.from('0123456789'));
  expect(kept.take().toString()).toBe('0123456789');
  expect(kept.take()).toHaveLength(0);
});

test('PROC-112 the buffer equals the plain formula for any pieces and never grows beyond limit plus one piece', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.string({ maxLength: 9 })), (limit, pieces) => {
      const kept = new BoundedBytes(limit);
      let wanted = Buffer.alloc(0);
      for (const piece of pieces.map((text) => Buffer.from(text))) {
        kept.push(piece);
        if (wanted.length + piece.length > limit) wanted = wanted.subarray(piece.length);
        wanted = Buffer.concat([wanted, piece]);
      }
      expect(kept.take().equals(wanted)).toBe(true);
    }),
  );
});
