import { z } from 'zod';

const selector = z
  .string()
  .min(1)
  .max(4_096)
  .default('*')
  .describe('Only events about what this target selector names.');
const kind = z.enum(['process', 'host']).optional().describe('Only events of this kind.');
const number = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const eventsQuery = z.strictObject({
  after: number.optional().describe('Those after this number, oldest first: the way forward.'),
  before: number.optional().describe('The latest before this number: the way back.'),
  selector,
  kind,
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

export const eventStreamQuery = z.strictObject({
  after: number.optional().describe('Go on after this number; left out: from now on.'),
  selector,
  kind,
});

/** What a client sends back of the last number it has; anything else is as if it sent none. */
export const lastEventId = number.safeParse;
