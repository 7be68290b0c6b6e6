import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Handshake } from '../../agent/src/events/handshake.ts';

/** Feeds pieces; after each `ready` an event is sent when the piece is over. Answers what was understood. */
function told(pieces: readonly string[], handshake = new Handshake()): string[] {
  return pieces.flatMap((piece) => {
    const steps = handshake.feed(Buffer.from(piece, 'latin1')).map((step) => step.kind);
    if (handshake.state === 'READY') handshake.sent();
    return steps;
  });
}

test('EVT-041 a new listener is READY once it has written READY and a newline, exactly', () => {
  const handshake = new Handshake();
  expect(handshake.state).toBe('ACKNOWLEDGED');
  handshake.feed(Buffer.from('READY\n'));
  expect(handshake.state).toBe('READY');
});

test('EVT-042 any other first six bytes leave it UNKNOWN for ever', () => {
  expect(told(['READY!', 'READY\n'])).toEqual(['violated']);
  expect(told(['ready\n'])).toEqual(['violated']);
});

test('EVT-043 fewer than six bytes decide nothing', () => {
  expect(told(['REA'])).toEqual([]);
  expect(told(['xxx'])).toEqual([]);
  expect(told(['REA', 'DY\n'])).toEqual(['ready']);
});

test('EVT-044 output while READY breaks the protocol', () => {
  expect(told(['READY\nREADY\n'])).toEqual(['ready', 'violated']);
});

test('EVT-045 EVT-048 OK means processed, any other result rejected, and both are followed by READY', () => {
  expect(told(['READY\n', 'RESULT 2\nOK', 'READY\n', 'RESULT 4\nFAIL', 'READY\n'])).toEqual([
    'ready',
    'processed',
    'ready',
    'rejected',
    'ready',
  ]);
});

test('EVT-046 only the text after the first seven bytes counts', () => {
  expect(told(['READY\n', 'WHATEVS2\nOK'])).toEqual(['ready', 'processed']);
});

test.each(['RESULT two\n', 'RESULT\n', 'RESULT -2\n', 'RESULT 2.0\n', '\n'])(
  'EVT-047 a length that is no number rejects the event and ends the conversation: %j',
  (line) => {
    expect(told(['READY\n', line, 'READY\n'])).toEqual(['ready', 'bad-result']);
  },
);

test('A51 a result line or a result without end is not gathered in memory (abuse 16)', () => {
  expect(told(['READY\n', 'RESULT 99999999999\n'])).toEqual(['ready', 'bad-result']);
  expect(told(['READY\n', ...Array<string>(20).fill('x'.repeat(1_000))])).toEqual(['ready', 'bad-result']);
});

test('EVT-050 an empty result is judged when more follows, and then rejected', () => {
  expect(told(['READY\n', 'RESULT 0\n'])).toEqual(['ready']);
  expect(told(['READY\n', 'RESULT 0\n', 'READY\n'])).toEqual(['ready', 'rejected', 'ready']);
});

test('EVT-051 READY may follow the result in the same write', () => {
  expect(told(['READY\n', 'RESULT 2\nOKREADY\n'])).toEqual(['ready', 'processed', 'ready']);
});

test('an answer means the same however it is split', () => {
  const result = fc.constantFrom(
    'RESULT 2\nOK',
    'RESULT 4\nFAIL',
    'RESULT 0\n',
    'WHATEVS2\nOK',
    'RESULT x\n',
  );
  const cut = fc.integer({ min: 1, max: 7 });
  fc.assert(
    fc.property(
      result,
      fc.constantFrom('', 'READY\n', 'REA'),
      fc.infiniteStream(cut),
      (answer, after, cuts) => {
        const whole = answer + after;
        const pieces: string[] = [];
        for (let at = 0; at < whole.length; ) {
          const length = cuts.next().value ?? 1;
          pieces.push(whole.slice(at, at + length));
          at += length;
        }
        expect(told(['READY\n', ...pieces])).toEqual(told(['READY\n', whole]));
      },
    ),
  );
});

test('no bytes whatever throw, and it keeps less than a line and a result', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (pieces) => {
      told(['READY\n', ...pieces.map((piece) => Buffer.from(piece).toString('latin1'))]);
    }),
  );
});
