import type { Accounts } from '../accounts/accounts.ts';
import { whileAllowed } from '../accounts/recheck.ts';
import type { Clock } from '../clock.ts';
import { checkPart } from './check-answer.ts';
import type { Call } from './route.ts';

export interface LineStreamPorts {
  readonly accounts: Accounts;
  readonly clock: Clock;
}

/** Something that is read bit by bit, and can be ended while it is waited for. */
export interface Portions<T> {
  readonly lines: AsyncIterable<readonly T[]>;
  close(): void;
}

/** Newline-delimited JSON. Asks for more only when the reader has taken the last; ends with the right to read logs. */
export async function streamJsonLines<T>(
  portions: Portions<T>,
  call: Call,
  ports: LineStreamPorts,
): Promise<void> {
  const { res } = call;
  res
    .status(200)
    .set({ 'content-type': 'application/x-ndjson', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  res.flushHeaders();
  await whileReading(portions, call, ports, async () => {
    for await (const lines of portions.lines) {
      for (const line of lines) checkPart(res, line);
      if (!(await write(res, lines.map((line) => `${JSON.stringify(line)}\n`).join('')))) break;
    }
  });
}

/** Runs until the source, the reader or the right to read ends; ends the answer. */
export async function whileReading(
  source: { close(): void },
  { res, proof }: Call,
  { accounts, clock }: LineStreamPorts,
  work: () => Promise<void>,
): Promise<void> {
  const cancelCheck = whileAllowed({ proof, right: 'read-logs' }, accounts, clock, () => {
    source.close();
    if (res.writableNeedDrain) res.destroy(); // it does not read: it would never see the end
  });
  res.on('close', () => source.close());
  try {
    await work();
  } finally {
    cancelCheck();
    source.close();
    res.end();
  }
}

/** Writes, and waits until the reader has taken it. False: the reader is gone. */
export async function write(res: Call['res'], data: string | Buffer): Promise<boolean> {
  if (res.destroyed) return false;
  if (!res.write(data) && !res.destroyed) await drained(res);
  return !res.destroyed;
}

function drained(res: Call['res']): Promise<void> {
  return new Promise((done) => {
    const go = (): void => {
      res.off('drain', go);
      res.off('close', go);
      done();
    };
    res.on('drain', go);
    res.on('close', go);
  });
}
