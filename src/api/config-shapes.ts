import { z } from 'zod';
import type { Drift, HostConfig } from '../fleet/process-options.ts';
import { shapeOf } from './shape.ts';
import { atMs } from './words.ts';

const texts = z.array(z.string());
const toldAtMs = atMs.nullable().describe('When it was told; null: never yet.');
const says = z.string().describe('Why it could not be had just now; empty when all is well.');

const processOptions = z
  .strictObject({
    group: z.string(),
    name: z.string(),
    options: z.record(z.string(), z.string()),
    environment: texts.nullable().describe('Names alone, never values; null where they are not told.'),
  })
  .meta({
    id: 'ProcessOptions',
    description: 'Option → value, as they are written in the file of the supervisor.',
  });

export const hostConfig = shapeOf<HostConfig>()(
  z.strictObject({ atMs: toldAtMs, processes: z.array(processOptions), says }).meta({ id: 'HostConfig' }),
);

export const processConfig = z
  .strictObject({
    atMs: toldAtMs,
    process: processOptions.nullable().describe('Null: its supervisor does not name it.'),
    says,
  })
  .meta({ id: 'ProcessConfig' });

export const drift = shapeOf<Drift>()(
  z
    .strictObject({
      group: z.string(),
      rows: z
        .array(
          z.strictObject({
            program: z.string(),
            option: z.string(),
            values: z.array(z.strictObject({ value: z.string(), hosts: texts })),
          }),
        )
        .describe('Options that are not the same everywhere, the commonest value first.'),
      compared: texts,
      missing: z
        .array(z.strictObject({ host: z.string(), says: z.string() }))
        .describe('Hosts that could not be compared, each with the reason.'),
    })
    .meta({ id: 'Drift' }),
);

export const supervisorLog = z
  .strictObject({
    atMs,
    lines: texts,
    cut: z.boolean().describe('There is more before these lines.'),
    says: z.string().describe('Why it could not be read; empty when it was.'),
  })
  .meta({ id: 'SupervisorLog', description: 'The end of a supervisor’s own log, in whole lines.' });
