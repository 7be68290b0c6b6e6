import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;
const CHANNELS = { stdout: ['stdout'], stderr: ['stderr'], both: ['stdout', 'stderr'] } as const;

const channel = z
  .enum(['stdout', 'stderr', 'both'])
  .default('stdout')
  .transform((name) => CHANNELS[name])
  .describe('Which of its logs.');
const oneTarget = z.string().min(1).max(4_096);
const target = z
  .union([oneTarget, z.array(oneTarget).min(1).max(200)])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .describe('A target selector, once or several times: all of them together.')
  .meta({ example: 'web:*' });
const text = z.string().min(1).max(4_096).optional().describe('Only lines that hold this text.');
const regex = z.string().min(1).max(4_096).optional().describe('Only lines that fit this RE2 expression.');

const count = (most: number, otherwise: number) =>
  z.coerce.number().int().min(0).max(most).default(otherwise);
const megabytes = (most: number) =>
  z.coerce
    .number()
    .positive()
    .max(most)
    .default(1)
    .transform((wanted) => Math.ceil(wanted * MEBIBYTE))
    .describe('Of each log its last so many MiB.');

export const tailQuery = z.strictObject({
  target,
  channel,
  bytes: count(MEBIBYTE, 16 * 1024).describe('Of each log’s past its last so many bytes.'),
  lines: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .optional()
    .describe('Of each log’s past at most so many lines.'),
  text,
  regex,
  follow: z
    .enum(['', '0', '1', 'true', 'false'])
    .default('0')
    .transform((given) => (given === '1' || given === 'true' ? 'follow' : 'once'))
    .describe('`1`: go on with what is written from now on.'),
});

export const searchQuery = z.strictObject({
  selector: target,
  text: text.meta({ example: 'timeout' }),
  regex,
  channel,
  megabytes: megabytes(1_024),
  context: count(20, 0).describe('Lines shown before and after each match.'),
  limit: count(10_000, 1_000).describe('Matches shown of each log; all are counted.'),
});

export const downloadQuery = z.strictObject({ target, channel, megabytes: megabytes(1_024) });
