import { expect, test } from 'vitest';
import {
  decodeCall,
  decodeResponse,
  encodeCall,
  encodeResponse,
  MalformedXmlRpc,
} from '../../agent/src/xmlrpc/index.ts';
import { mutate, seeded } from '../support/seeded.ts';

/** More rounds find more: `FUZZ_ROUNDS=1000000 npx vitest run --project unit tests/unit/xmlrpc-fuzz.test.ts`. */
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 4_000);

const value = { name: 'web', list: [1, true, 'x & <y>', 1.5, null], nested: { a: { b: ['é'] } } };
const messages = [
  encodeCall('supervisor.startProcess', ['web:*', true]),
  encodeCall('system.multicall', [[{ methodName: 'supervisor.getState', params: [] }, value]]),
  encodeResponse([value, value]),
  Buffer.from(
    '<?xml version="1.0"?><!-- c --><methodCall a="b"><methodName>m</methodName><params><param><value><![CDATA[x]]>&#65;</value></param></params></methodCall>',
  ),
];

/** Reads or says why not; anything else thrown is a bug. */
function read(decode: (bytes: Buffer) => unknown, bytes: Buffer): void {
  try {
    decode(bytes);
  } catch (error) {
    if (!(error instanceof MalformedXmlRpc))
      throw new Error(`seedless failure on ${bytes.toString('base64')}`, { cause: error });
  }
}

test('abuse 10: whatever arrives is read or malformed, soon', () => {
  const random = seeded(1_234_567);
  const began = performance.now();
  for (let i = 0; i < ROUNDS; i++) {
    const bytes = mutate(messages[i % messages.length] ?? Buffer.alloc(0), random);
    read(decodeCall, bytes);
    read(decodeResponse, bytes);
  }
  expect(performance.now() - began).toBeLessThan(ROUNDS * 2);
});

test('abuse 10: long runs of anything take no more than linear time', () => {
  const head = '<methodCall><methodName>m</methodName><params><param>';
  for (const run of [
    '<',
    '&',
    '<a ',
    '<a b="c" ',
    '<!--',
    '<![CDATA[',
    '<value>',
    '&#',
    ' ',
    '<?',
    '</value>',
    '-->',
    '<a b=',
    '\r',
  ]) {
    const bytes = Buffer.from(head + run.repeat(Math.floor(1_000_000 / run.length)));
    const began = performance.now();
    read(decodeCall, bytes);
    read(decodeResponse, bytes);
    expect([run, performance.now() - began < 2_000]).toEqual([run, true]);
  }
});
