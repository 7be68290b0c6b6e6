import { z } from 'zod';
import { PERSON_NAME, PERSON_NAME_SAYS } from '../accounts/person-name.ts';
import { RIGHTS } from '../accounts/rights.ts';
import { PROTECTIONS } from '../control/protection.ts';

const name = z.string().regex(PERSON_NAME, PERSON_NAME_SAYS);
const password = z.string().min(1).max(1_000);
const code = z.string().min(1).max(100);
const role = z.enum(['viewer', 'operator', 'admin']);
const scope = z.string().min(1).max(4_096).describe('A target selector: `*`, `env=stage/web:*`, `#db/*`.');
const rights = z
  .array(z.enum(RIGHTS))
  .min(1)
  .max(RIGHTS.length)
  .describe('Of the role’s rights only these; left out: all.');
const grant = z.strictObject({ role, scope, rights: rights.optional() });
const label = z.string().trim().min(1).max(100);
/** One minute to a year and a day. */
const ttlMs = z
  .int()
  .min(60_000)
  .max(366 * 24 * 3_600_000);
/** What a token may at most; left out: all its owner may. */
export const tokenLimit = { role: role.optional(), scope: scope.optional(), rights: rights.optional() };
/** At least one: who may nothing is disabled instead. */
const grants = z.tuple([grant], grant);
/** Epoch milliseconds. */
const when = z.coerce.number().int().min(0).describe('Epoch milliseconds.');

export const newUser = z
  .strictObject({
    name,
    password: password.optional().describe('Left out: the hub makes one and tells it this once.'),
    grants,
  })
  .meta({ example: { name: 'mei', grants: [{ role: 'operator', scope: 'env=stage/web:*' }] } });
export const userPatch = z.strictObject({
  grants: grants.optional(),
  disabled: z.boolean().optional(),
  signsInBy: z
    .enum(['local', 'oidc', 'ldap'])
    .optional()
    .describe('By that door alone from now on; ends their sessions, tokens and password.'),
});
export const passwordChange = z.strictObject({ password, newPassword: password, code: code.optional() });
export const onlyPassword = z.strictObject({ password, code: code.optional() });
export const confirmFactor = z.strictObject({ secret: z.string().min(16).max(100), code });
export const dropFactor = z.strictObject({ password, code });
export const tokensQuery = z.strictObject({
  all: z.enum(['', '0', '1']).default('0').describe('`1`: those of everybody, for who manages people.'),
});
const environment = z.string().regex(/^[\p{L}\p{N}._-]{1,64}$/u, 'letters, digits, ".", "_" and "-" only');
const protectedEnvironment = z.strictObject({ environment, asks: z.enum(PROTECTIONS) });
const byName = environment.transform((name) => ({ environment: name, asks: 'typed' as const }));
export const settingsPatch = z.strictObject({
  protectedEnvironments: z
    .array(
      z.union([protectedEnvironment, byName], {
        error: 'must be a name, or {"environment": a name, "asks": "typed" or "second-person"}',
      }),
    )
    .max(100)
    .optional(),
  approvalMinutes: z
    .int()
    .min(1)
    .max(24 * 60)
    .optional(),
});
export const hubSettings = z
  .strictObject({
    protectedEnvironments: z
      .array(protectedEnvironment)
      .describe('Actions there need its name typed, or another person who may do them too and approves.'),
    approvalMinutes: z.int().describe('How long an action waits for a second person.'),
  })
  .meta({ id: 'HubSettings' });
export const ownToken = z.strictObject({
  ...tokenLimit,
  label: label.default('API'),
  ttlMs: ttlMs.optional(),
  password: password.optional(),
  code: code.optional(),
});
export const deviceWish = z.strictObject({
  ...tokenLimit,
  label: label.default('a command').describe('What asks, and on which machine: shown to whoever lets it in.'),
  ttlMs: ttlMs.optional(),
});
export const deviceCode = z.strictObject({ deviceCode: z.string().min(1).max(200) });
export const deviceApproval = z.strictObject({
  ttlMs: ttlMs.optional().describe('Left out: as the command asked.'),
  password: password.optional(),
  code: code.optional(),
});
export const auditQuery = z.strictObject({
  text: z.string().min(1).max(200).optional().describe('Anywhere in actor, what, target, detail or outcome.'),
  actor: z.string().min(1).max(200).optional(),
  from: when.optional(),
  to: when.optional(),
  before: z.coerce.number().int().min(1).optional().describe('The `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const exportQuery = z.strictObject({ format: z.enum(['csv', 'jsonl']).default('csv') });
