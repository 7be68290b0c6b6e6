import { z } from 'zod';
import { MAIL_SECURITIES, SEVERITIES } from '../fleet/alert.ts';
import { condition } from './alert-shapes.ts';

const DAY_S = 86_400;
const name = z.string().trim().min(1).max(80);
const selector = z.string().min(1).max(4_096);
const seconds = z.int().min(0).max(DAY_S);
/** What comes and goes faster is one alert, never many. */
const clear = z.int().min(10).max(DAY_S);
const minutes = z
  .int()
  .min(0)
  .max(7 * 1_440);
const channels = z.union([z.literal('all'), z.array(z.string().max(100)).max(100)]);

export const alertsQuery = z.strictObject({
  state: z.enum(['open', 'closed', 'all']).default('all'),
  selector: selector.default('*').describe('Only alerts about what this target selector names.'),
  severity: z.enum(SEVERITIES).optional(),
  rule: z.string().max(100).optional().describe('Only of the rule with this id.'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z
    .string()
    .regex(/^(open|closed):\d{1,15}$/, 'is the `next` of the page before')
    .optional()
    .describe('The `next` of the page before.'),
});

export const acknowledgement = z.strictObject({ note: z.string().trim().max(500).default('') });

export const newRule = z
  .strictObject({
    name,
    enabled: z.boolean().default(true),
    condition,
    selector: selector.default('*'),
    forSeconds: seconds.default(0),
    clearSeconds: clear.default(60),
    severity: z.enum(SEVERITIES).default('warning'),
    channels: channels.default('all'),
    repeatMinutes: minutes.default(0),
  })
  .meta({
    example: {
      name: 'API memory',
      condition: { kind: 'memory-over', bytes: 2_000_000_000 },
      selector: 'env=prod/api:*',
      forSeconds: 300,
    },
  });

export const rulePatch = z.strictObject({
  name: name.optional(),
  enabled: z.boolean().optional(),
  condition: condition.optional(),
  selector: selector.optional(),
  forSeconds: seconds.optional(),
  clearSeconds: clear.optional(),
  severity: z.enum(SEVERITIES).optional(),
  channels: channels.optional(),
  repeatMinutes: minutes.optional(),
});

const url = z.string().min(1).max(2_000).describe('`https://…` or `http://…`.');
const secret = z
  .string()
  .min(16)
  .max(200)
  .describe('Signs what is sent, so that the receiver knows it is from this hub.');
const mailbox = z
  .string()
  .trim()
  .min(3)
  .max(254)
  .regex(/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/, 'an address like ops@example.com');
const mail = {
  host: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .regex(/^[A-Za-z0-9.:_-]+$/, 'a host name or an IP address'),
  port: z.int().min(1).max(65_535),
  security: z.enum(MAIL_SECURITIES),
  username: z.string().min(1).max(200),
  password: z.string().max(1_000),
  from: mailbox,
  to: z.array(mailbox).min(1).max(50),
};

export const newChannel = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('webhook'),
      name,
      enabled: z.boolean().default(true),
      url,
      secret: secret.optional(),
    }),
    z.strictObject({ kind: z.literal('slack'), name, enabled: z.boolean().default(true), url }),
    z.strictObject({
      kind: z.literal('email'),
      name,
      enabled: z.boolean().default(true),
      ...mail,
      port: mail.port.default(587),
      security: mail.security.default('starttls'),
      username: mail.username.optional(),
      password: mail.password.optional(),
    }),
  ])
  .meta({ example: { kind: 'slack', name: 'ops', url: 'https://hooks.slack.com/services/…' } });

/** Of each kind of channel only what it has; the rest is refused by name. */
export const channelPatch = z.strictObject({
  name: name.optional(),
  enabled: z.boolean().optional(),
  url: url.optional(),
  secret: secret.nullable().optional().describe('Null: sign nothing from now on.'),
  host: mail.host.optional(),
  port: mail.port.optional(),
  security: mail.security.optional(),
  username: mail.username.nullable().optional().describe('Null: sign in with nothing.'),
  password: mail.password.optional(),
  from: mail.from.optional(),
  to: mail.to.optional(),
});

export const deliveriesQuery = z.strictObject({
  channel: z.string().max(100).optional().describe('Only of the channel with this id.'),
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
