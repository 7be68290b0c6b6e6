import { z } from 'zod';

export const logQuery = z.strictObject({
  /** From its end. */
  bytes: z.coerce.number().int().min(256).max(262_144).default(32_768),
});

const LONGEST_INPUT = 65_536;

export const input = z.strictObject({
  /** Sent as UTF-8, as it is: a line ends with a newline of its own. */
  text: z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= LONGEST_INPUT, `at most ${LONGEST_INPUT} bytes`),
});

export const sentInput = z.strictObject({ bytes: z.int() });
