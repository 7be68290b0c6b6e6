import { z } from 'zod';

const targetName = z.string().min(1).max(4_096);
const tailId = z.string().min(1).max(64);

/** What a browser may send, checked on arrival; anything else is not answered. */
export const tailOpen = z.strictObject({
  tailId,
  target: z.union([targetName, z.array(targetName).min(1).max(200)]),
  except: z.array(targetName).max(500).optional(),
  channels: z
    .array(z.enum(['stdout', 'stderr']))
    .min(1)
    .max(2),
  lastBytes: z
    .int()
    .min(0)
    .max(1024 * 1024),
  lines: z.int().min(0).max(10_000).optional(),
  text: z.string().min(1).max(4_096).optional(),
  regex: z.string().min(1).max(4_096).optional(),
});
export const tailCredit = z.strictObject({ tailId, lines: z.int().min(1).max(10_000) });
export const tailClose = z.strictObject({ tailId });
