import { z } from 'zod';

const DAY_MS = 86_400_000;
const time = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** From when to when. */
export const range = z.strictObject({
  from: time.optional().describe('Epoch milliseconds; left out: an hour before `to`.'),
  to: time.optional().describe('Epoch milliseconds; left out: now.'),
  last: time.optional().describe('Instead of `from`: so many milliseconds before `to`.'),
});

export const metricsQuery = z.strictObject({
  ...range.shape,
  step: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(366 * DAY_MS)
    .optional()
    .describe('Milliseconds between two points; left out: about 240 points.'),
});
