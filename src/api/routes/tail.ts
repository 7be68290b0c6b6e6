import { once } from 'node:events';
import type { Response } from 'express';
import type { Accounts } from '../../accounts/accounts.ts';
import { whileAllowed } from '../../accounts/recheck.ts';
import type { Clock } from '../../clock.ts';
import type { LogTail, LogTails } from '../../control/log-tails.ts';
import type { TailLine } from '../contract.ts';
import type { Route } from '../route.ts';
import * as schemas from '../schemas.ts';
import { usable } from './fleet.ts';

export interface TailPorts {
  readonly tails: LogTails;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

export function tailRoutes({ tails, accounts, clock }: TailPorts): Route[] {
  return [
    {
      method: 'get',
      path: '/tail',
      right: 'read-logs',
      async run({ req, res, proof }) {
        const { target, channel, bytes, follow } = schemas.read(schemas.tailQuery, { ...req.query });
        const tail = usable(tails.open({ target, channels: channel, lastBytes: bytes, mode: follow }));
        const cancelCheck = whileAllowed({ proof, right: 'read-logs' }, accounts, clock, () => tail.close());
        res.on('close', () => tail.close());
        await stream(tail, res).finally(cancelCheck);
      },
    },
  ];
}

/** Asks for more lines only when the reader has taken the last ones. */
async function stream(tail: LogTail, res: Response): Promise<void> {
  res
    .status(200)
    .set({ 'content-type': 'application/x-ndjson', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  res.flushHeaders();
  for await (const lines of tail.lines) {
    if (res.destroyed) break;
    const taken = res.write(lines.map((line: TailLine) => `${JSON.stringify(line)}\n`).join(''));
    if (!taken && !res.destroyed) await Promise.race([once(res, 'drain'), once(res, 'close')]);
  }
  res.end();
}
