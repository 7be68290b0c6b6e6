import { z } from 'zod';
import { atMs } from './words.ts';

export const hubFacts = z
  .strictObject({
    version: z.string(),
    startedAtMs: atMs,
    databaseBytes: z.int(),
    groupsRead: z
      .strictObject({ atMs: atMs.nullable(), says: z.string().nullable() })
      .nullable()
      .describe(
        'When the groups of the directory were last read again, and why they could not be since; null: there is none to ask.',
      ),
    kept: z
      .array(z.strictObject({ what: z.enum(['events', 'actions']), ms: z.int() }))
      .describe('How long it keeps what it writes down.'),
  })
  .meta({ id: 'HubFacts', description: 'The hub about itself.' });

export const auditCheck = z
  .discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), rows: z.int() }),
    z.strictObject({ ok: z.literal(false), seq: z.int(), says: z.string() }),
  ])
  .meta({
    id: 'AuditCheck',
    description: 'Whether every row is as it was written and none is missing; else the first that is not.',
  });
