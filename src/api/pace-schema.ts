import { z } from 'zod';
import { AT_ONCE, ONE_BY_ONE, ORDERS, type Pace, RESUMES } from '../fleet/pace.ts';

const LONGEST_MS = 24 * 3_600_000;
const span = z.int().min(0).max(LONGEST_MS);
const resume = z.enum(RESUMES).default('continue');

const batch = z
  .strictObject({ n: z.int().min(1).max(100_000), of: z.enum(['targets', 'hosts', 'percent']) })
  .refine(({ n, of }) => of !== 'percent' || n <= 100, 'a batch is at most 100 percent');

/** What a request says of the pace, with everything it leaves out. */
export const pace = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('parallel'),
    limit: z.int().min(1).max(100_000).nullable().default(AT_ONCE.limit),
    resume,
  }),
  z.strictObject({
    mode: z.literal('rolling'),
    batch: batch.default(ONE_BY_ONE.batch),
    order: z.enum(ORDERS).default(ONE_BY_ONE.order),
    settleMs: span.default(ONE_BY_ONE.settleMs),
    pauseMs: span.default(ONE_BY_ONE.pauseMs),
    maxFailures: z.int().min(1).max(100_000).default(ONE_BY_ONE.maxFailures),
    onFailure: z.enum(['abort', 'continue']).default(ONE_BY_ONE.onFailure),
    resume,
  }),
]) satisfies z.ZodType<Pace>;
