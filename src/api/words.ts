import { type Channel, PROCESS_STATE_CODES, type ProcessState } from '@fleetvisor/agent/protocol';
import { z } from 'zod';
import type { Problem } from '../fleet/problem.ts';
import { shapeOf } from './shape.ts';

/** Words that many shapes use. */
export const processStates = Object.keys(PROCESS_STATE_CODES) as [ProcessState, ...ProcessState[]];
export const processState = z.enum(processStates).meta({
  id: 'ProcessState',
  description: "supervisord's states of a process.",
});
export const daemonState = z.enum(['FATAL', 'RUNNING', 'RESTARTING', 'SHUTDOWN']);
export const channel = shapeOf<Channel>()(z.enum(['stdout', 'stderr']));

export const atMs = z.number().describe('Epoch milliseconds by the hub’s clock.');
export const ms = z.number().describe('Milliseconds.');
export const count = z.int().min(0);

export const problem = shapeOf<Problem>()(
  z
    .strictObject({
      where: z.string().describe('What it is about: `selector:4`, `url`, `grants.0.scope`.'),
      says: z.string(),
      hint: z.string().exactOptional().describe('How to mend it.'),
    })
    .meta({ id: 'Problem', description: 'A fault in text somebody wrote.' }),
);

export const problemBody = z
  .strictObject({
    type: z.string().describe('Stable, and an address of a page that explains it.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().exactOptional(),
    problems: z.array(problem).exactOptional(),
  })
  .meta({ id: 'ProblemBody', description: 'Every error: RFC 9457, `application/problem+json`.' });
