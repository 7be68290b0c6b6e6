import { z } from 'zod';
import { RIGHTS } from '../accounts/rights.ts';

const name = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,99}$/u, 'letters, digits, ".", "_", "@" and "-", at most 100');
const password = z.string().min(1).max(1_000);
const code = z.string().min(1).max(100);
const grant = z.strictObject({
  role: z.enum(['viewer', 'operator', 'admin']),
  scope: z.string().min(1).max(4_096),
  rights: z.array(z.enum(RIGHTS)).max(RIGHTS.length).optional(),
});
/** At least one: who may nothing is disabled instead. */
const grants = z.tuple([grant], grant);
/** Epoch milliseconds. */
const when = z.coerce.number().int().min(0);

export const newUser = z.strictObject({ name, password: password.optional(), grants });
export const userPatch = z.strictObject({ grants: grants.optional(), disabled: z.boolean().optional() });
export const passwordChange = z.strictObject({ password, newPassword: password, code: code.optional() });
export const onlyPassword = z.strictObject({ password, code: code.optional() });
export const confirmFactor = z.strictObject({ secret: z.string().min(16).max(100), code });
export const dropFactor = z.strictObject({ password, code });
export const tokensQuery = z.strictObject({ all: z.enum(['', '0', '1']).default('0') });
export const hubSettings = z.strictObject({
  protectedEnvironments: z.array(z.string().regex(/^[\p{L}\p{N}._-]{1,64}$/u)).max(100),
});
export const auditQuery = z.strictObject({
  text: z.string().min(1).max(200).optional(),
  actor: z.string().min(1).max(200).optional(),
  from: when.optional(),
  to: when.optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const exportQuery = z.strictObject({ format: z.enum(['csv', 'jsonl']).default('csv') });
