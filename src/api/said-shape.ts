import { z } from 'zod';
import type { Said } from '../fleet/said.ts';
import { SENTENCES, type SentenceKey } from '../fleet/sentences.ts';

const sentences = Object.keys(SENTENCES) as [SentenceKey, ...SentenceKey[]];

export const said: z.ZodType<Said> = z
  .lazy(() =>
    z.strictObject({
      key: z.enum(sentences),
      values: z.record(z.string(), z.union([z.string(), z.number(), said])),
    }),
  )
  .meta({ id: 'Said', description: 'A sentence by what it says, to be worded in the reader’s language.' });
