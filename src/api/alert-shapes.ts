import { z } from 'zod';
import {
  type Alert,
  type AlertRule,
  DELIVERY_STATES,
  ENDINGS,
  MAIL_SECURITIES,
  MESSAGE_REASONS,
  SEVERITIES,
  TROUBLES,
} from '../fleet/alert.ts';
import { said } from './said-shape.ts';
import { shapeOf } from './shape.ts';
import { atMs, count } from './words.ts';

const severity = z.enum(SEVERITIES);

export const condition = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('process-state'),
      states: z
        .array(z.enum(TROUBLES))
        .min(1)
        .describe('`BACKOFF` is of use with a `forSeconds`: stuck in it so long.'),
    }),
    z.strictObject({
      kind: z.literal('flapping'),
      restarts: z.int().min(2).max(1_000),
      withinSeconds: z.int().min(10).max(86_400),
    }),
    z.strictObject({ kind: z.literal('host-unreachable') }),
    z.strictObject({
      kind: z.literal('memory-over'),
      bytes: z.int().min(1).describe('Of one process with its children; agents alone measure.'),
    }),
  ])
  .describe('What a rule looks for.');

export const channelIds = z
  .union([z.literal('all'), z.array(z.string())])
  .describe('Ids of channels; `all`: every channel, also one that is added later; none: nobody is told.');

export const alertRule = shapeOf<AlertRule>()(
  z
    .strictObject({
      id: z.string(),
      name: z.string(),
      enabled: z.boolean(),
      condition,
      selector: z
        .string()
        .describe('A target selector; of hosts it looks at the part before the slash alone.'),
      forSeconds: z.int().describe('It must hold so long before an alert opens.'),
      clearSeconds: z
        .int()
        .describe('It must be well so long before the alert closes; what comes back earlier counts up.'),
      severity,
      channels: channelIds,
      repeatMinutes: z
        .int()
        .describe('An open alert nobody acknowledged is told of again so often; 0: never.'),
    })
    .meta({ id: 'AlertRule', description: 'When an alert opens and closes, and who is told.' }),
);

export const alert = shapeOf<Alert>()(
  z
    .strictObject({
      id: z.int().describe('Grows with every alert.'),
      ruleId: z.string(),
      rule: z.string().describe('The rule’s name at the time.'),
      kind: z.enum(['process-state', 'flapping', 'host-unreachable', 'memory-over']),
      severity,
      hostId: z.string(),
      host: z.string().describe('The host’s name at the time.'),
      group: z.string().describe('Empty for a host.'),
      process: z.string().describe('Empty for a host.'),
      openedAtMs: atMs,
      lastAtMs: atMs.describe('When it was last found wrong anew.'),
      closedAtMs: atMs.nullable().describe('Null while it is open.'),
      ending: z
        .enum(ENDINGS)
        .nullable()
        .describe(
          'Why it closed: it is well; the host or process is gone; the rule was changed, disabled or removed; the host was disabled.',
        ),
      count: count.describe('How often it was found wrong anew while it was open, the first time included.'),
      says: z.string().describe('What is wrong.'),
      said: said.exactOptional(),
      lastLine: z.string().describe('The last line of the process’s last words; empty: none known.'),
      acknowledged: z
        .strictObject({ by: z.string(), atMs, note: z.string() })
        .nullable()
        .describe('Whoever looks after it; nothing of it is told again.'),
    })
    .meta({ id: 'Alert', description: 'Something a rule found wrong, from its begin to its end.' }),
);

export const alertCounts = z
  .strictObject({
    open: count,
    unacknowledged: count.describe('Open ones that nobody looks after.'),
    critical: count.describe('Open ones of the severity critical.'),
  })
  .meta({ id: 'AlertCounts', description: 'How many alerts are open, of those the asker may see.' });

export const alertPage = z
  .strictObject({
    alerts: z.array(alert).describe('Open ones first, then closed ones; of each the newest first.'),
    counts: alertCounts,
    next: z.string().nullable().describe('Goes on with this as `after`; null: there are no more.'),
  })
  .meta({ id: 'AlertPage' });

const channelState = {
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  waiting: count.describe('Messages that wait to be sent.'),
  last: z
    .strictObject({ atMs, state: z.enum(DELIVERY_STATES), error: z.string().nullable() })
    .nullable()
    .describe('The last try, and what was wrong with it; null: nothing was sent yet.'),
};

const shownUrl = z
  .string()
  .describe('Only where it begins: what comes after is as good as a password, and is not told again.');

export const alertChannel = z
  .discriminatedUnion('kind', [
    z.strictObject({
      ...channelState,
      kind: z.literal('webhook'),
      url: shownUrl,
      signed: z.boolean().describe('Whether it has a secret that signs what is sent.'),
    }),
    z.strictObject({ ...channelState, kind: z.literal('slack'), url: shownUrl }),
    z.strictObject({
      ...channelState,
      kind: z.literal('email'),
      host: z.string(),
      port: z.int(),
      security: z.enum(MAIL_SECURITIES),
      username: z.string().nullable(),
      from: z.string(),
      to: z.array(z.string()),
    }),
  ])
  .meta({ id: 'AlertChannel', description: 'A way out for messages; its secrets are never told again.' });

export const channelTest = z
  .strictObject({
    ok: z.boolean(),
    says: z.string().describe('What the other side answered, or what is wrong.'),
    mend: z.string().describe('What to do about it; empty when it went well.'),
    said: said.exactOptional(),
    mendSaid: said.exactOptional(),
  })
  .meta({ id: 'AlertChannelTest', description: 'What came of sending one message.' });

export const delivery = z
  .strictObject({
    id: z.int(),
    channelId: z.string(),
    channel: z.string().describe('The name of the channel.'),
    reason: z.enum(MESSAGE_REASONS),
    says: z.string().describe('The first line of the message.'),
    alerts: z.array(z.int()).describe('Ids of the alerts it names.'),
    createdAtMs: atMs,
    state: z
      .enum(DELIVERY_STATES)
      .describe(
        '`waiting` for the next try; `delivered`; `failed` for good; `dropped`: the queue was full, or the channel disabled.',
      ),
    attempts: count,
    triedAtMs: atMs.nullable(),
    lastError: z.string().nullable(),
  })
  .meta({ id: 'AlertDelivery', description: 'One message to one channel, and what became of it.' });

export const deliveryPage = z
  .strictObject({
    deliveries: z.array(delivery).describe('Newest first.'),
    next: z.int().nullable().describe('Goes on with this as `before`; null: there are no more.'),
  })
  .meta({ id: 'AlertDeliveryPage' });
