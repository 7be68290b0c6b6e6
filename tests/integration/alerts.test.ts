import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { describe, type TestContext, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { somebody } from '../support/people.ts';
import { type HttpReceiver, httpReceiver, mailReceiver, type Received } from '../support/receivers.ts';
import { type SupervisorKind, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const SECRET = 'only the two of us know';

/** Fails at once until there is a file `ok`; then it stays. */
const FRAGILE = `[program:api]
command=/bin/sh -c 'echo "<!channel> & cannot bind" >&2; test -e {dir}/ok || exit 3; exec sleep 1000'
startsecs=1
startretries=0
autostart=false
stderr_logfile={dir}/api.err
[program:web]
command=/bin/sleep 1000
startsecs=0
`;

async function withHost(
  t: TestContext,
  name = 'web-01',
  kind: SupervisorKind = 'agent',
): Promise<{ hub: TestHub; supervisor: TestSupervisor }> {
  const [hub, supervisor] = await Promise.all([
    startTestHub(t, { args: ['--public-url', 'https://fleet.example.net'] }),
    startSupervisor(t, kind, { config: FRAGILE }),
  ]);
  await add(hub, name, supervisor);
  return { hub, supervisor };
}

async function add(hub: TestHub, name: string, { socketPath }: TestSupervisor, more = {}): Promise<void> {
  await hub.ask('POST', '/hosts', { name, url: `unix://${socketPath}`, ...more });
  await until(`${name} reachable`, async () => {
    const { body } = await hub.ask('GET', `/hosts/${name}`);
    return body.reachability.kind === 'reachable' && body.processCount > 0;
  });
}

const webhook = (hub: TestHub, name: string, { url }: HttpReceiver) =>
  hub.ask('POST', '/alert-channels', { kind: 'webhook', name, url, secret: SECRET });
const change = (hub: TestHub, rule: string, patch: object) => hub.ask('PATCH', `/alert-rules/${rule}`, patch);
const open = async (hub: TestHub) => (await hub.ask('GET', '/alerts?state=open')).body.alerts;
// biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests assert
const messages = ({ received }: HttpReceiver): any[] => received.map(({ body }) => JSON.parse(body));

async function gets(receiver: HttpReceiver, count: number) {
  await until(`${count} messages`, () => receiver.received.length >= count);
  return messages(receiver);
}

describe.concurrent('alerts', () => {
  test('a process that becomes FATAL is one signed message on every channel, and one more when it is well again', async (t) => {
    const { hub, supervisor } = await withHost(t, 'web-01', 'supervisord');
    const [pager, slack, smtp] = await Promise.all([httpReceiver(t), httpReceiver(t), mailReceiver(t)]);
    await webhook(hub, 'pager', pager);
    await hub.ask('POST', '/alert-channels', { kind: 'slack', name: 'chat', url: slack.url });
    const mail = { kind: 'email', name: 'mail', host: '127.0.0.1', port: smtp.port, security: 'none' };
    await hub.ask('POST', '/alert-channels', { ...mail, from: 'hub@x.test', to: ['a@x.test', 'b@x.test'] });
    await change(hub, 'ar_fatal', { clearSeconds: 10 });
    const heard = await watching(t, hub);
    await supervisor.rpc('startProcess', 'api', false).catch(() => {});

    const [message] = await gets(pager, 1);
    t.expect(message).toMatchObject({
      version: 1,
      reason: 'opened',
      says: 'web-01/api:api is FATAL: Exited too quickly (process log may have details)',
      rule: { name: 'A process is FATAL' },
      severity: 'critical',
      count: 1,
      alerts: [{ host: 'web-01', process: 'api:api', lastLine: '<!channel> & cannot bind' }],
      link: 'https://fleet.example.net/alerts',
    });
    t.expect(pager.received.map(({ headers }) => headers['x-fleetvisor-signature'])).toEqual(
      pager.received.map(signed),
    );
    await until('a message in the chat', () => slack.received.length > 0);
    const { text } = JSON.parse(slack.received[0]?.body ?? '');
    t.expect(text).toContain('&lt;!channel&gt; &amp; cannot bind');
    t.expect(text).toContain('<https://fleet.example.net/alerts|Fleetvisor>');
    await until('a mail', () => smtp.mails.length > 0);
    t.expect(smtp.mails[0]).toMatchObject({ from: 'hub@x.test', to: ['a@x.test', 'b@x.test'] });
    t.expect(smtp.mails[0]?.data).toMatch(/^Subject: \[Fleetvisor\] critical: web-01\/api:api is FATAL/m);

    const [alert] = await open(hub);
    t.expect(alert).toMatchObject({ count: 1, acknowledged: null, lastLine: '<!channel> & cannot bind' });
    const acked = await hub.ask('POST', `/alerts/${alert.id}/acknowledge`, { note: 'on it' });
    t.expect(acked.body.acknowledged).toMatchObject({ by: 'admin', note: 'on it' });
    writeFileSync(join(supervisor.dir, 'ok'), '');
    await hub.ask('POST', '/actions', { verb: 'start', selector: 'api:*' }); // seen sooner than by asking round
    const all = await gets(pager, 2);
    t.expect(all[1]).toMatchObject({
      reason: 'closed',
      says: t.expect.stringContaining('web-01/api:api is well again, after 1'),
      alerts: [{ id: alert.id, ending: 'well' }],
    });
    t.expect(await open(hub)).toEqual([]);
    const closed = await hub.ask('POST', `/alerts/${alert.id}/unacknowledge`);
    t.expect([closed.status, closed.body.detail]).toEqual([409, 'the alert is closed']);
    const { body: log } = await hub.ask('GET', '/alert-deliveries');
    const rows = log.deliveries.map(({ reason, state, attempts }: Record<string, unknown>) => [
      reason,
      state,
      attempts,
    ]);
    t.expect(rows.slice(3)).toEqual(Array(3).fill(['opened', 'delivered', 1]));
    t.expect(pager.received).toHaveLength(2);
    t.expect(heard.map(({ counts }) => counts.unacknowledged)).toEqual([0, 1, 0, 0]);
    t.expect(hub.bugs).toEqual([]);
  });

  test('H43 a receiver that hangs and one that answers 500 hold up neither another one nor an action, and are tried again', async (t) => {
    const { hub, supervisor } = await withHost(t);
    const [hangs, breaks, works] = await Promise.all([
      httpReceiver(t, 'never'),
      httpReceiver(t, 500),
      httpReceiver(t),
    ]);
    await webhook(hub, 'hangs', hangs);
    await webhook(hub, 'breaks', breaks);
    await webhook(hub, 'works', works);
    await supervisor.rpc('startProcess', 'api', false).catch(() => {});
    await gets(works, 1);
    await gets(hangs, 1);
    await gets(breaks, 2); // tried again by itself
    const asked = performance.now();
    const { body: action } = await hub.ask('POST', '/actions', { verb: 'stop', selector: 'web:*' });
    await until('the stop', async () => {
      const { body } = await hub.ask('GET', `/actions/${action.id}`);
      return body.targets[0].outcome.kind === 'done';
    });
    t.expect(performance.now() - asked).toBeLessThan(5_000);
    t.expect(messages(breaks)[1].id).toBe(messages(breaks)[0].id);
    const { body: channels } = await hub.ask('GET', '/alert-channels');
    t.expect(channels).toMatchObject([
      { name: 'breaks', waiting: 1, last: { state: 'waiting', error: 'the receiver answered HTTP 500' } },
      { name: 'hangs', waiting: 1, last: null },
      { name: 'works', waiting: 0, last: { state: 'delivered', error: null } },
    ]);
    breaks.answer = 200;
    await hub.ask('PATCH', `/alert-channels/${channels[0].id}`, { enabled: true }); // tried at once
    await until('nothing waits for it', async () => {
      const { body } = await hub.ask('GET', `/alert-channels/${channels[0].id}`);
      return body.waiting === 0 && body.last.state === 'delivered';
    });
    t.expect(hub.bugs).toEqual([]);
  });

  test('H12 a process that is restarted again and again is one alert that counts, and one message', async (t) => {
    const hub = await startTestHub(t);
    const receiver = await httpReceiver(t);
    await webhook(hub, 'pager', receiver);
    await change(hub, 'ar_flapping', { condition: { kind: 'flapping', restarts: 2, withinSeconds: 600 } });
    const config = `[program:shaky]\ncommand=/bin/sh -c 'sleep 0.3; exit 1'\nstartsecs=0\n`;
    await add(hub, 'web-01', await startSupervisor(t, 'agent', { config }));
    const says = await until('more restarts than it takes', async () => {
      const [alert] = await open(hub);
      return Number(/restarted (\d+) times/.exec(alert?.says ?? '')?.[1] ?? 0) > 4 && alert;
    });
    await gets(receiver, 1);
    t.expect(says).toMatchObject({ rule: 'A process flaps', process: 'shaky' });
    t.expect((await hub.ask('GET', '/alerts')).body.alerts).toHaveLength(1);
    t.expect(receiver.received).toHaveLength(1);
    t.expect(hub.bugs).toEqual([]);
  });

  test('a dead host is one alert, its processes none; a hub that is started again tells nothing twice', async (t) => {
    const { hub, supervisor } = await withHost(t);
    const receiver = await httpReceiver(t);
    await webhook(hub, 'pager', receiver);
    await change(hub, 'ar_unreachable', { forSeconds: 1 });
    supervisor.child.kill('SIGKILL');
    const [message] = await gets(receiver, 1);
    t.expect(message).toMatchObject({
      says: t.expect.stringMatching(/^web-01 is unreachable: /),
      alerts: [{ host: 'web-01', process: null }],
    });
    const before = await open(hub);
    t.expect(before).toHaveLength(1);
    await hub.hub.close();
    const again = await startTestHub(t, { dataFolder: hub.dataFolder, password: hub.password });
    await until('the host unreachable', async () => {
      const { body } = await again.ask('GET', '/hosts/web-01');
      return body.reachability.kind === 'unreachable';
    });
    t.expect(await open(again)).toEqual(before);
    const { body: host } = await again.ask('GET', '/hosts/web-01');
    await again.ask('DELETE', `/hosts/${host.id}`);
    t.expect((await gets(receiver, 2))[1]).toMatchObject({ reason: 'closed', alerts: [{ ending: 'gone' }] });
    t.expect(receiver.received).toHaveLength(2);
    t.expect(again.bugs).toEqual([]);
  });

  test('who sees a part of the fleet sees and acknowledges its alerts alone', async (t) => {
    const { hub, supervisor } = await withHost(t, 'prod-1');
    const stage = await startSupervisor(t, 'supervisord', { config: FRAGILE });
    await add(hub, 'stage-1', stage, { environment: 'stage' });
    for (const { rpc } of [supervisor, stage]) await rpc('startProcess', 'api', false).catch(() => {});
    const both = await until('two alerts', async () => {
      const alerts = await open(hub);
      return alerts.length === 2 && alerts;
    });
    const idOn = (host: string): number => both.find((one: { host: string }) => one.host === host).id;
    const sam = await somebody(hub, 'sam', { role: 'operator', scope: 'env=stage/api:*' });
    const { body } = await sam.ask('GET', '/alerts');
    t.expect(body.alerts.map(({ host }: { host: string }) => host)).toEqual(['stage-1']);
    t.expect(body.counts).toEqual({ open: 1, unacknowledged: 1, critical: 1 });
    t.expect((await sam.ask('GET', `/alerts/${idOn('prod-1')}`)).status).toBe(404);
    t.expect((await sam.ask('POST', `/alerts/${idOn('prod-1')}/acknowledge`, {})).status).toBe(404);
    t.expect((await sam.ask('POST', `/alerts/${idOn('stage-1')}/acknowledge`, {})).status).toBe(200);
    t.expect((await sam.ask('GET', '/alert-channels')).status).toBe(403);
    const viv = await somebody(hub, 'viv', { role: 'viewer', scope: 'env=stage/*' });
    t.expect((await viv.ask('POST', `/alerts/${idOn('stage-1')}/acknowledge`, {})).status).toBe(403);
    t.expect((await hub.ask('GET', '/alerts?state=open&selector=env=stage/*')).body.alerts).toHaveLength(1);
    const first = (await hub.ask('GET', '/alerts?limit=1')).body;
    const second = (await hub.ask('GET', `/alerts?limit=1&after=${first.next}`)).body;
    t.expect([...first.alerts, ...second.alerts].map(({ id }) => id)).toEqual(
      both.map(({ id }: { id: number }) => id),
    );
    t.expect(hub.bugs).toEqual([]);
  });
});

/** As docs/alerts.md has a receiver check it. */
function signed({ headers, body }: Received): string {
  const mark = createHmac('sha256', SECRET).update(`${headers['x-fleetvisor-timestamp']}.${body}`);
  return `sha256=${mark.digest('hex')}`;
}

/** What a browser hears of alerts from now on. */
async function watching(t: TestContext, hub: TestHub) {
  const heard: { counts: { unacknowledged: number }; changed: { id: number }[] }[] = [];
  const socket = io(`${hub.hub.address}/live`, {
    transports: ['websocket'],
    extraHeaders: { cookie: hub.session.cookie, origin: hub.hub.address },
  });
  t.onTestFinished(() => void socket.close());
  socket.on('alerts', (news) => heard.push(news));
  socket.on('connect', () => socket.emit('watch'));
  await until('the first counts', () => heard.length > 0);
  return heard;
}
