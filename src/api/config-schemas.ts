import { z } from 'zod';

const texts = z.array(z.string());
const processOptions = z.object({
  group: z.string(),
  name: z.string(),
  options: z.record(z.string(), z.string()),
  environment: texts.nullable(),
});
const atMs = z.number().nullable();

export const hostConfig = z.object({ atMs, processes: z.array(processOptions), says: z.string() });

export const processConfig = z.object({ atMs, process: processOptions.nullable(), says: z.string() });

export const drift = z.object({
  group: z.string(),
  rows: z.array(
    z.object({
      program: z.string(),
      option: z.string(),
      values: z.array(z.object({ value: z.string(), hosts: texts })),
    }),
  ),
  compared: texts,
  missing: z.array(z.object({ host: z.string(), says: z.string() })),
});

export const logQuery = z.strictObject({
  /** From its end. */
  bytes: z.coerce.number().int().min(256).max(262_144).default(32_768),
});

export const supervisorLog = z.object({
  atMs: z.number(),
  lines: texts,
  cut: z.boolean(),
  says: z.string(),
});

const LONGEST_INPUT = 65_536;

export const input = z.strictObject({
  /** Sent as UTF-8, as it is: a line ends with a newline of its own. */
  text: z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= LONGEST_INPUT, `at most ${LONGEST_INPUT} bytes`),
});

export const sentInput = z.object({ bytes: z.number() });
