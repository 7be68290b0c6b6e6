import { Router } from 'express';
import type { Alert, AlertChannelView, AlertDelivery, AlertPage, AlertRule } from '../../src/api/contract.ts';
import { told } from '../../src/fleet/said.ts';

const MINUTE_MS = 60_000;
const CHANNELS = ['ops-slack', 'the night shift of the whole department of billing and of shipping'] as const;

/** Alerts of the made-up fleet: a dead host that explains another, one that somebody looks after, and old ones. */
export function madeUpAlerts(nowMs: () => number) {
  const alert = (id: number, minutes: number, more: Partial<Alert>): Alert => ({
    id,
    ruleId: 'ar_fatal',
    rule: 'A process is FATAL',
    kind: 'process-state',
    severity: 'critical',
    hostId: 'h-api-02',
    host: 'api-02',
    group: 'api',
    process: 'outbox',
    openedAtMs: nowMs() - minutes * MINUTE_MS,
    lastAtMs: nowMs() - (minutes / 2) * MINUTE_MS,
    closedAtMs: null,
    ending: null,
    count: 1,
    ...told('alert.fatalWhy', { why: 'Exited too quickly (process log may have details)' }),
    lastLine: 'ConnectionRefusedError: [Errno 111] billing-db.internal:5432 <b>not bold</b> 上传',
    acknowledged: null,
    ...more,
  });
  const flapping: Partial<Alert> = {
    ruleId: 'ar_flapping',
    rule: 'A process flaps',
    kind: 'flapping',
    severity: 'warning',
    hostId: 'h-web-03',
    host: 'web-03',
    group: 'web',
    process: 'gunicorn_02',
    count: 7,
    ...told('alert.flapping', { n: 7, withinMs: 20 * MINUTE_MS }),
    lastLine: '',
  };
  const away: Partial<Alert> = {
    ruleId: 'ar_unreachable',
    rule: 'A host is unreachable',
    kind: 'host-unreachable',
    hostId: 'h-work-02',
    host: 'work-02',
    group: '',
    process: '',
    ...told('alert.unreachable', { why: 'accepts connections, answers nothing within 5 s' }),
    lastLine: '',
  };
  const open = [
    alert(48, 4, {}),
    alert(47, 6, away),
    alert(46, 9, {
      ...away,
      ruleId: 'ar_fatal',
      rule: 'A process is FATAL',
      kind: 'process-state',
      group: 'worker',
      process: 'mailer',
      ...told('alert.fatal'),
    }),
    alert(45, 19, {
      ...flapping,
      acknowledged: {
        by: 'tom',
        atMs: nowMs() - 11 * MINUTE_MS,
        note: 'Known: the image cache. Fix is in review, do not restart by hand.',
      },
    }),
  ];
  const closed = Array.from({ length: 6 }, (_, nth) =>
    alert(40 - nth, 190 + 700 * nth, {
      ...(nth % 2 === 0 ? flapping : away),
      closedAtMs: nowMs() - (150 + 690 * nth) * MINUTE_MS,
      ending: nth === 3 ? 'rule-changed' : 'well',
    }),
  );
  const rule = (id: string, name: string, more: Partial<AlertRule>): AlertRule => ({
    id,
    name,
    enabled: true,
    condition: { kind: 'process-state', states: ['FATAL'] },
    selector: '*',
    forSeconds: 0,
    clearSeconds: 60,
    severity: 'critical',
    channels: 'all',
    repeatMinutes: 0,
    ...more,
  });
  const channels: AlertChannelView[] = [
    {
      id: 'ac_1',
      name: CHANNELS[0],
      enabled: true,
      waiting: 0,
      last: { atMs: nowMs() - 4 * MINUTE_MS, state: 'delivered', error: null },
      kind: 'slack',
      url: 'https://hooks.slack.com/…',
    },
    {
      id: 'ac_2',
      name: CHANNELS[1],
      enabled: true,
      waiting: 3,
      last: { atMs: nowMs() - MINUTE_MS, state: 'waiting', error: 'no answer within 10 s' },
      kind: 'email',
      host: 'mail.example.net',
      port: 587,
      security: 'starttls',
      username: 'fleet',
      from: 'fleet@example.net',
      to: ['night@example.net', 'billing-and-shipping-operations@example.net'],
    },
  ];
  const deliveries: AlertDelivery[] = CHANNELS.map((channel, nth) => ({
    id: 90 - nth,
    channelId: `ac_${nth + 1}`,
    channel,
    reason: 'opened',
    says: 'api-02/api:outbox is FATAL: Exited too quickly (process log may have details)',
    alerts: [48],
    createdAtMs: nowMs() - 4 * MINUTE_MS,
    state: nth === 0 ? 'delivered' : 'waiting',
    attempts: nth * 3 + 1,
    triedAtMs: nowMs() - MINUTE_MS,
    lastError: nth === 0 ? null : 'no answer within 10 s',
  }));
  return {
    open,
    closed,
    rules: [
      rule('ar_fatal', 'A process is FATAL', { channels: ['ac_1'] }),
      rule('ar_flapping', 'A process flaps', {
        condition: { kind: 'flapping', restarts: 3, withinSeconds: 1_200 },
        severity: 'warning',
      }),
      rule('ar_unreachable', 'A host is unreachable', {
        condition: { kind: 'host-unreachable' },
        forSeconds: 60,
        repeatMinutes: 30,
      }),
      rule('ar_memory', 'API memory', {
        enabled: false,
        condition: { kind: 'memory-over', bytes: 2 ** 31 },
        selector: 'env=prod/api:*',
        forSeconds: 300,
        severity: 'warning',
        channels: [],
      }),
    ],
    channels,
    deliveries,
  };
}

/** The same over the API, as browsers ask for it. */
export function madeUpAlertRoutes(nowMs: () => number): Router {
  const made = madeUpAlerts(nowMs);
  const router = Router();
  router.get('/alerts', ({ query }, res) => {
    const { open, closed } = made;
    const selector = String(query.selector ?? '*');
    const all = query.state === 'closed' ? closed : open;
    const wanted = all.filter(
      ({ host, group, process, severity }) =>
        (query.severity === undefined || query.severity === severity) &&
        (selector === '*' ||
          selector === `${host}/*:*` ||
          selector === `${host}/"${group}":"${process}"` ||
          (process === '' && selector.startsWith(`${host}/`))),
    );
    const page: AlertPage = {
      alerts: wanted.slice(0, Number(query.limit ?? 100)),
      counts: { open: open.length, unacknowledged: open.length - 1, critical: 3 },
      next: query.state === 'closed' && query.after === undefined ? 'closed:30' : null,
    };
    res.json(page);
  });
  router.get('/alert-rules', (_req, res) => void res.json(made.rules));
  router.get('/alert-channels', (_req, res) => void res.json(made.channels));
  router.get('/alert-deliveries', (_req, res) => void res.json({ deliveries: made.deliveries, next: null }));
  router.get(
    '/alert-rules/:id',
    ({ params }, res) => void res.json(made.rules.find(({ id }) => id === params.id)),
  );
  router.get(
    '/alert-channels/:id',
    ({ params }, res) => void res.json(made.channels.find(({ id }) => id === params.id)),
  );
  return router;
}
