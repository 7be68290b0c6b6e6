import { z } from 'zod';

const page = z.enum(['processes', 'logs']).describe('Which list it is a view of.');
const name = z.string().trim().min(1).max(80);
const query = z
  .string()
  .max(4_000)
  .regex(/^[^\s#?]*$/, 'what stands behind the "?" of the page’s address')
  .describe('What stands behind the page’s address: `env=prod&by=host`.');
const opensFirst = z.boolean().describe('Whether it is what the page opens with for the asker.');

export const newView = z.strictObject({
  name,
  page,
  query,
  shared: z.boolean().default(false),
  opensFirst: opensFirst.default(false),
});

export const viewPatch = z.strictObject({
  name: name.optional(),
  query: query.optional(),
  shared: z.boolean().optional(),
  opensFirst: opensFirst.optional(),
});

export const savedView = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    page,
    query: z.string(),
    shared: z.boolean().describe('Seen by everybody.'),
    owner: z.string(),
    own: z.boolean().describe('Whether it is the asker’s.'),
    opensFirst,
  })
  .meta({ id: 'SavedView', description: 'A name for a link into one of the console’s lists.' });
