import { z } from 'zod';
import type { Grant } from '../accounts/rights.ts';
import type { AuditRow } from '../fleet/audit-row.ts';
import { shapeOf } from './shape.ts';
import { atMs } from './words.ts';

const role = z.enum(['viewer', 'operator', 'admin']);

const grantView = shapeOf<Grant>()(
  z
    .strictObject({
      role,
      scope: z.string().describe('A target selector: `*`, `env=stage/web:*`, `#db/*`.'),
      rights: z.array(z.string()).optional().describe('Of the role’s rights only these; left out: all.'),
    })
    .meta({ id: 'Grant', description: 'One role, and where it counts.' }),
);

export const signedIn = z
  .strictObject({
    user: z.string(),
    role,
    rights: z
      .array(z.string())
      .describe('What this person may anywhere, or over the hub: what to offer them.'),
    csrf: z.string().describe('To send back as `x-csrf-token`; empty for bearer tokens.'),
  })
  .meta({ id: 'SignedIn' });

export const newTokenMade = z
  .strictObject({
    id: z.string(),
    token: z.string().describe('Shown this once; the hub keeps only its hash.'),
    user: z.string(),
    expiresAtMs: atMs.nullable(),
  })
  .meta({ id: 'NewToken' });

export const deviceBegun = z
  .strictObject({
    deviceCode: z.string().describe('For the command alone.'),
    userCode: z.string().describe('`BCDF-GHJK`: to be typed in the console.'),
    verificationUri: z.string().describe('Where it is typed.'),
    expiresAtMs: atMs,
    intervalMs: z.int().describe('How long to wait between two questions for the token.'),
  })
  .meta({ id: 'DeviceBegun', description: 'A command that waits to be let in.' });

export const deviceView = z
  .strictObject({
    userCode: z.string(),
    label: z.string().describe('As the command calls itself.'),
    limit: grantView.nullable().describe('What its token may at most; null: all the asker may.'),
    ttlMs: z.int().describe('How long its token shall be good.'),
    address: z.string().describe('From where it asked.'),
    isSameAddress: z.boolean().describe('Whether that is where this request comes from too.'),
    askedAtMs: atMs,
    expiresAtMs: atMs,
  })
  .meta({ id: 'DeviceLogin' });

export const tokenView = z
  .strictObject({
    id: z.string(),
    user: z.string(),
    label: z.string(),
    createdAtMs: atMs,
    expiresAtMs: atMs.nullable(),
    usedAtMs: atMs.nullable(),
    limit: grantView.nullable().describe('What it may at most; null: all its owner may.'),
  })
  .meta({ id: 'Token' });

export const userView = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    grants: z.array(grantView),
    disabled: z.boolean(),
    secondFactor: z.boolean(),
    createdAtMs: atMs,
    signsInBy: z
      .enum(['local', 'oidc', 'ldap'])
      .describe(
        '`local`: with a password kept here; `oidc`, `ldap`: vouched for, their grants come from their groups.',
      ),
    groups: z.array(z.string()).describe('As told at the last sign-in; none for a local one.'),
    seenAtMs: atMs
      .nullable()
      .describe('When a page, a command or a program asked for something in their name; null: never.'),
  })
  .meta({ id: 'User' });

export const me = userView
  .extend({
    rights: z.array(z.string()),
    recoveryCodes: z.int().describe('Unused recovery codes of the second factor.'),
  })
  .meta({ id: 'Me', description: 'Whoever asks.' });

export const userMade = z
  .strictObject({
    user: userView,
    password: z.string().nullable().describe('Shown this once; null when it was given.'),
  })
  .meta({ id: 'UserMade' });

export const sessionView = z
  .strictObject({
    id: z.string(),
    createdAtMs: atMs,
    seenAtMs: atMs,
    address: z.string(),
    agent: z.string().describe('What the browser called itself.'),
    own: z.boolean().describe('The one that asks.'),
  })
  .meta({ id: 'Session' });

export const secondFactorProposal = z.strictObject({ secret: z.string(), uri: z.string() }).meta({
  id: 'SecondFactorProposal',
  description: 'To be typed or scanned into an authenticator app, and confirmed with a code of it.',
});

export const recoveryCodes = z.strictObject({ recoveryCodes: z.array(z.string()) }).meta({
  id: 'RecoveryCodes',
  description: 'Each good once, when the app is lost; shown this once.',
});

export const auditEntry = shapeOf<AuditRow>()(
  z
    .strictObject({
      seq: z.int(),
      atMs,
      kind: z
        .enum(['begun', 'ended', 'refused'])
        .describe('`begun` is written before anything is done, `ended` after, `refused` instead of both.'),
      ends: z.int().nullable().describe('Of `ended`: the row it ends.'),
      actor: z.string(),
      way: z.string().describe('By which way in: `page`, `cli`, `api`, `hub`, `schedule`.'),
      address: z.string(),
      what: z.string(),
      target: z.string(),
      detail: z.string().describe('What was asked for, as JSON text without secrets.'),
      before: z.string().nullable(),
      after: z.string().nullable(),
      outcome: z.string(),
    })
    .meta({ id: 'AuditEntry' }),
);

export const auditPage = z
  .strictObject({
    rows: z.array(auditEntry).describe('Newest first.'),
    next: z.int().nullable().describe('To give as `before` for the next page; null: this is the last.'),
  })
  .meta({ id: 'AuditPage' });
