import { mayI } from '../../accounts/rights.ts';
import type { LogTails } from '../../control/log-tails.ts';
import { placeOf } from '../../control/seen-fleet.ts';
import { NONE_NAMED } from '../../control/tail-wish.ts';
import type { HostView } from '../../fleet/host.ts';
import type { Parsed, Problem } from '../../fleet/problem.ts';
import type { ProcessView } from '../../fleet/process.ts';
import * as schemas from '../log-schemas.ts';
import { tailLine } from '../log-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { type LineStreamPorts, streamJsonLines } from '../stream-lines.ts';
import { usable } from './fleet.ts';

/** Whose logs somebody may read. */
export function readableBy({ visitor }: Call): (host: HostView, process: ProcessView) => boolean {
  return (host, process) => mayI(visitor.person, 'read-logs', placeOf(host, process));
}

/** What was opened: not found when no log is named that the asker may read. */
export function found<T>(opened: Parsed<T>): T {
  if (!opened.ok && Object.values<Problem>(NONE_NAMED).includes(opened.problems[0]))
    throw new ApiProblem('not-found', { problems: opened.problems });
  return usable(opened);
}

export interface TailPorts extends LineStreamPorts {
  readonly tails: LogTails;
}

export function tailRoutes(ports: TailPorts): Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/tail',
      right: 'read-logs',
      says: 'Gives the last lines of one or many logs, merged, and with `follow=1` those to come, as a stream.',
      query: schemas.tailQuery,
      answers: { 200: { stream: 'application/x-ndjson', each: tailLine } },
      problems: ['unusable', 'not-found'],
      async run(call) {
        const { channel, bytes, follow, ...wish } = call.query;
        const sees = readableBy(call);
        const tail = found(
          ports.tails.open({ ...wish, channels: channel, lastBytes: bytes, mode: follow, sees }),
        );
        await streamJsonLines(tail, call, ports);
      },
    }),
  ];
}
