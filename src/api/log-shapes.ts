import { z } from 'zod';
import type { SearchResult, TailLine } from '../fleet/log-line.ts';
import { said } from './said-shape.ts';
import { shapeOf } from './shape.ts';
import { atMs, channel, count } from './words.ts';

const source = z.string().describe('`host/group:process`');
const text = z.string().describe('The child’s bytes as UTF-8, damaged bytes replaced, without the newline.');

export const tailLine = shapeOf<TailLine>()(
  z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('line'), source, channel, text, atMs }),
      z.strictObject({
        kind: z.literal('note'),
        source,
        channel,
        says: z.string(),
        said: said.exactOptional(),
        atMs,
      }),
    ])
    .meta({ id: 'TailLine', description: 'A line of a log, or a sentence of the hub standing among them.' }),
);

export const searchResult = shapeOf<SearchResult>()(
  z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('match'),
        source,
        channel,
        line: count.describe('Counted from the first whole line that was looked at.'),
        text,
        before: z.array(z.string()),
        after: z.array(z.string()),
      }),
      z.strictObject({
        kind: z.literal('searched'),
        source,
        channel,
        matches: count,
        shown: count.describe('Matches beyond `limit` are counted, not shown.'),
        lines: count,
        bytes: count,
        says: z.string().describe('Why it was not, or not all of it, looked at; empty when it was.'),
      }),
      z.strictObject({
        kind: z.literal('end'),
        matches: count,
        logs: count,
        troubled: count.describe('Logs that could not be looked at, or not to their end.'),
        tookMs: z.number(),
      }),
    ])
    .meta({
      id: 'SearchResult',
      description: 'Matches, after the last of each log its counts, and at the end the sum.',
    }),
);
