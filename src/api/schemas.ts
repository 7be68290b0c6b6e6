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
  code: z.string().min(1).max(100).optional(),
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

export const newHost = z.strictObject({
  name: hostName,
  url: z.string().min(1).max(2_000),
  username: z.string().max(200).optional(),
  password: z.string().max(1_000).optional(),
  environment: environment.optional(),
  tags: tags.optional(),
  notes: notes.optional(),
  trust: trust.optional(),
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
  content: z.base64(),
  format: z.enum(IMPORT_FORMATS).optional(),
  environment: environment.optional(),
  dryRun: z.boolean().default(false),
});

export const newJoinToken = z.strictObject({
  uses: z.int().min(1).max(10_000).optional(),
  ttlMs: z
    .int()
    .min(1_000)
    .max(7 * 24 * HOUR_MS)
    .optional(),
  environment: environment.optional(),
  tags: tags.optional(),
});

export const actionRequest = z.strictObject({
  verb: z.enum(VERBS),
  selector: z.string().min(1).max(4_096),
  only: z.array(z.string().min(1).max(1_000)).min(1).max(20_000).optional(),
  signal: z.string().min(1).max(20).optional(),
  pace: pace.optional(),
  confirm: z.string().max(1_000).optional(),
});

export const processesQuery = z.strictObject({ selector: z.string().min(1).max(4_096).default('*') });
