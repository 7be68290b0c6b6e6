import { z } from 'zod';

const selector = z.string().min(1).max(4_096).default('*');
const kind = z.enum(['process', 'host']).optional();
const number = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const eventsQuery = z.strictObject({
  after: number.optional(),
  before: number.optional(),
  selector,
  kind,
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

export const eventStreamQuery = z.strictObject({ after: number.optional(), selector, kind });

/** What a client sends back of the last number it has; anything else is as if it sent none. */
export const lastEventId = number.safeParse;
