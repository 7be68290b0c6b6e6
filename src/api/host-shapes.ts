import { z } from 'zod';
import { TEST_STEPS, type ConnectionTest as Test } from '../fleet/connection-test.ts';
import type { FoundSupervisor } from '../fleet/found-supervisor.ts';
import { IMPORT_FORMATS } from '../fleet/import-format.ts';
import type { ImportedRow } from '../fleet/imported-row.ts';
import type { OpenJoinToken } from '../fleet/open-join-token.ts';
import { hostFacts } from './fleet-shapes.ts';
import { said } from './said-shape.ts';
import { shapeOf } from './shape.ts';
import { atMs, ms, problem } from './words.ts';

export const connectionTest = shapeOf<Test>()(
  z
    .strictObject({
      ok: z.boolean(),
      steps: z.array(
        z.strictObject({
          step: z.enum(TEST_STEPS),
          result: z.enum(['done', 'failed', 'skipped']),
          ms: ms.nullable(),
          says: z.string().describe('What was found, or what is wrong.'),
          mend: z.string().describe('What to do about it; empty unless the step failed.'),
          said: said.exactOptional(),
          mendSaid: said.exactOptional(),
        }),
      ),
      facts: hostFacts.pick({ version: true, identifier: true, daemonState: true }).nullable(),
      certificateSha256: z.string().nullable().describe('Of the certificate that was shown, to be pinned.'),
    })
    .meta({ id: 'ConnectionTest', description: 'What came of going the whole way to a supervisor once.' }),
);

const importedRow = shapeOf<ImportedRow>()(
  z.strictObject({
    line: z.int().nullable(),
    name: z.string(),
    url: z.string(),
    environment: z.string().nullable(),
    hasCredentials: z.boolean(),
    result: z
      .enum(['added', 'known', 'refused'])
      .describe('`added`, or would be without `dryRun`; `known` already; `refused`.'),
    says: z.string(),
  }),
);

export const importReport = z
  .strictObject({
    format: z.enum(IMPORT_FORMATS),
    dryRun: z.boolean(),
    rows: z.array(importedRow),
    problems: z.array(problem).describe('What of the file could not be read, by line.'),
  })
  .meta({ id: 'ImportReport' });

export const foundSupervisor = shapeOf<FoundSupervisor>()(
  z
    .strictObject({
      url: z.string(),
      suggestedName: z.string(),
      from: z.string().describe('Where it was found: a socket, or the file that names it.'),
      version: z.string().nullable().describe('Null when it wants a user and password, or is not let in.'),
      says: z.string(),
    })
    .meta({
      id: 'FoundSupervisor',
      description: 'A supervisord on the hub’s own machine that is not registered.',
    }),
);

export const joinToken = z
  .strictObject({
    id: z.string().describe('By which it is listed and ended.'),
    token: z.string().describe('Shown this once.'),
    uses: z.int(),
    expiresAtMs: atMs,
  })
  .meta({ id: 'JoinToken' });

export const openJoinToken = shapeOf<OpenJoinToken>()(
  z
    .strictObject({
      id: z.string(),
      usesLeft: z.int().describe('How many agents can still join with it.'),
      environment: z.string().nullable(),
      tags: z.array(z.string()),
      by: z.string(),
      createdAtMs: atMs,
      expiresAtMs: atMs,
    })
    .meta({
      id: 'OpenJoinToken',
      description: 'A join token that is still good; what it is, nobody is told again.',
    }),
);
