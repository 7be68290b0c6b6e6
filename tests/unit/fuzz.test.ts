import { expect, test } from 'vitest';
import { httpTexts } from '../support/fuzz/http-target.ts';
import { fuzz } from '../support/fuzz/run.ts';
import { childOutput, listenerProtocol, logTail } from '../support/fuzz/stream-targets.ts';
import { iniReader, xmlReader } from '../support/fuzz/text-targets.ts';
import { uplinkFrames } from '../support/fuzz/uplink-target.ts';
import { seeded } from '../support/seeded.ts';

/** `npm run fuzz` goes on for as long as it is told, over a socket too, and keeps what it finds. */
const ROUNDS = 600;

test.each([xmlReader, iniReader, listenerProtocol, childOutput, uplinkFrames, logTail, httpTexts])(
  'abuse 10: whatever arrives, $name is read or refused as promised',
  async (target) => {
    expect(await fuzz(target, seeded(1_234_567), (rounds) => rounds < ROUNDS)).toBe(ROUNDS);
  },
);
