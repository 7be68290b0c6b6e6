import { z } from 'zod';
import type { UsageSeries } from '../fleet/metrics.ts';
import type { Timeline } from '../fleet/timeline.ts';
import { shapeOf } from './shape.ts';
import { atMs, ms, processStates } from './words.ts';

const usagePoint = z.strictObject({
  atMs: atMs.describe('When the while began.'),
  cpu: z.number().describe('Percent of one core, the mean.'),
  cpuMost: z.number(),
  memory: z.number().describe('Bytes, the mean.'),
  memoryMost: z.number(),
});

export const usageSeries = shapeOf<UsageSeries>()(
  z
    .strictObject({
      fromMs: atMs,
      toMs: atMs,
      stepMs: ms.describe('The length of the while of most points; older ones may be kept more roughly.'),
      points: z.array(usagePoint).describe('A while without a measurement has no point.'),
    })
    .meta({ id: 'UsageSeries' }),
);

const spanState = z.enum([
  ...processStates,
  'connecting',
  'reachable',
  'unreachable',
  'disabled',
  'not-seen',
]);

export const timeline = shapeOf<Timeline>()(
  z
    .strictObject({
      fromMs: atMs,
      toMs: atMs,
      spans: z.array(z.strictObject({ state: spanState, fromMs: atMs, toMs: atMs })),
    })
    .meta({
      id: 'Timeline',
      description:
        'What a process or a host was over a while: spans without a gap from its begin to its end.',
    }),
);
