import { z } from 'zod';
import { VERBS } from '../fleet/action.ts';
import { IMPORT_FORMATS } from '../fleet/import-format.ts';
import { pace } from './pace-schema.ts';
import { tokenLimit } from './people-schemas.ts';

const HOUR_MS = 3_600_000;
const label = z.string().trim().min(1).max(100);
const tags = z
  .array(z.string().regex(/^[\p{L}\p{N}._-]{1,64}$/u, 'letters, digits, ".", "_" and "-" only'))
  .max(50);
const environment = z.string().regex(/^[\p{L}\p{N}._-]{1,64}$/u, 'letters, digits, ".", "_" and "-" only');

export const signIn = z.strictObject({
  user: z.string().min(1).max(200),
  password: z.string().min(1).max(1_000),
  code: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Of the second factor; asked for by the problem `code-needed`.'),
});

export const newToken = z.strictObject({
  ...signIn.shape,
  ...tokenLimit,
  label: label.default('CLI'),
  ttlMs: z
    .int()
    .min(60_000)
    .max(366 * 24 * HOUR_MS)
    .optional(),
});

const hostName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'letters, digits, ".", "_" and "-", at most 63');
const notes = z.string().max(10_000);
export const trust = z.union([
  z.strictObject({ authority: z.string().min(1).max(100_000) }),
  z.strictObject({ sha256: z.string().min(1).max(200) }),
]);

export const newHost = z
  .strictObject({
    name: hostName,
    url: z
      .string()
      .min(1)
      .max(2_000)
      .describe(
        '`http://10.0.0.5:9001` or `unix:///run/supervisor.sock`; credentials have their own fields.',
      ),
    username: z.string().max(200).optional(),
    password: z.string().max(1_000).optional(),
    environment: environment.optional(),
    tags: tags.optional(),
    notes: notes.optional(),
    trust: trust
      .optional()
      .describe(
        'For https alone: PEM of one’s own authority, or the SHA-256 of the one certificate that is believed.',
      ),
  })
  .meta({
    example: {
      name: 'db-01',
      url: 'http://10.0.0.5:9001',
      username: 'ops',
      password: '…',
      environment: 'prod',
    },
  });

export const hostPatch = z.strictObject({
  name: hostName.optional(),
  url: z.string().min(1).max(2_000).optional(),
  environment: environment.nullable().optional(),
  tags: tags.optional(),
  notes: notes.optional(),
  disabled: z.boolean().optional(),
  maintenance: z
    .strictObject({ untilMs: z.int().min(0).nullable(), note: z.string().max(500).default('') })
    .nullable()
    .optional(),
  trust: trust.nullable().optional(),
  username: z.string().max(200).nullable().optional(),
  password: z.string().max(1_000).optional(),
});

export const testWish = z.strictObject({
  url: z.string().min(1).max(2_000),
  username: z.string().max(200).optional(),
  password: z.string().max(1_000).optional(),
  trust: trust.optional(),
});

export const importRequest = z.strictObject({
  content: z.base64().describe('The file.'),
  format: z.enum(IMPORT_FORMATS).optional().describe('Left out: guessed.'),
  environment: environment.optional().describe('For every row that names none itself.'),
  dryRun: z.boolean().default(false),
});

export const newJoinToken = z.strictObject({
  uses: z.int().min(1).max(10_000).optional(),
  ttlMs: z
    .int()
    .min(1_000)
    .max(7 * 24 * HOUR_MS, 'at most seven days')
    .optional(),
  environment: environment.optional(),
  tags: tags.optional(),
});

export const actionRequest = z
  .strictObject({
    verb: z.enum(VERBS),
    selector: z
      .string()
      .min(1)
      .max(4_096)
      .describe(
        'A target selector; for update, reread, reload and shutdown hosts: `web-01`, `web*`, `#prod`, `env=prod`, `*`.',
      ),
    only: z
      .array(z.string().min(1).max(1_000))
      .min(1)
      .max(20_000)
      .optional()
      .describe('Instead of everything the selector names: exactly these `host/group:process`, or hosts.'),
    signal: z.string().min(1).max(20).optional().describe('For `signal`: `HUP`, `SIGHUP` or `1`.'),
    pace: pace.optional().describe('Left out: all targets at once.'),
    confirm: z
      .string()
      .max(1_000)
      .optional()
      .describe('The word a plan over protected environments asks for.'),
  })
  .meta({
    example: {
      verb: 'restart',
      selector: 'env=stage/web:*',
      pace: { mode: 'rolling', batch: { n: 25, of: 'percent' } },
    },
  });

/** Of lists that can be read a page at a time. */
const pageQuery = (most: number) => ({
  limit: z.coerce.number().int().min(1).max(most).optional().describe('How many at most.'),
  after: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Goes on after this one, as the `link` header names it.'),
});

export const actionsQuery = z.strictObject(pageQuery(500));

export const processesQuery = z.strictObject({
  selector: z
    .string()
    .min(1)
    .max(4_096)
    .default('*')
    .describe('A target selector: `web:*`, `group web`, `web*/api:*`, `#edge/worker:*`, `env=prod/*`.'),
  ...pageQuery(10_000),
});
