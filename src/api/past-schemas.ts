import { z } from 'zod';

const DAY_MS = 86_400_000;
const time = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** From when to when, in milliseconds of the hub's wall clock; left out: the last hour. */
export const range = z.strictObject({ from: time.optional(), to: time.optional() });

export const metricsQuery = z.strictObject({
  ...range.shape,
  /** Milliseconds between two points; left out: about 240 points. */
  step: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(366 * DAY_MS)
    .optional(),
});
