import { randomInt } from 'node:crypto';
import { seeded } from '../seeded.ts';
import { httpTexts, openHttpTarget } from './http-target.ts';
import { Finding, fuzz, keepInput } from './run.ts';
import { childOutput, listenerProtocol, logTail } from './stream-targets.ts';
import { iniReader, xmlReader } from './text-targets.ts';
import { uplinkFrames } from './uplink-target.ts';

// `npm run fuzz -- [seconds] [seed]`: every reader in turn, an equal share of the time each.
const [seconds = 240, seed = randomInt(2 ** 31)] = process.argv.slice(2).map(Number);
const random = seeded(seed);
const http = await openHttpTarget();
const targets = [xmlReader, iniReader, listenerProtocol, childOutput, uplinkFrames, logTail, httpTexts, http];
process.stdout.write(`seed ${seed}, ${seconds} s\n`);
process.on('unhandledRejection', (error) => {
  throw error;
});
for (const target of targets) {
  const endsMs = performance.now() + (seconds * 1000) / targets.length;
  try {
    const inputs = await fuzz(target, random, () => performance.now() < endsMs);
    process.stdout.write(`${target.name.padEnd(12)} ${inputs} inputs\n`);
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    process.stdout.write(`${error.stack}\nkept as ${keepInput(error)}\n`);
    process.exitCode = 1;
  }
}
await http.close();
