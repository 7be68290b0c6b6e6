import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeInBothThemes } from '../support/axe.ts';
import { complaintsOf } from '../support/browser.ts';
import { consoleOn, type HubConsole } from '../support/console-on-hub.ts';
import type { TestHub } from '../support/hub.ts';
import { signIn, somebody } from '../support/people.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { twoEnvironments } from '../support/two-environments.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let web: HubConsole;
const lifetime = sharedLifetime();

beforeAll(async () => {
  hub = await twoEnvironments(lifetime);
  web = await consoleOn(hub);
});

afterAll(async () => {
  await web.close();
});

const send = (page: Page): Promise<void> => page.click('[data-do=submit-sheet]');
const codeNow = (secret: string): string => new TOTP({ secret, issuer: 'Fleetvisor' }).generate();

test('a new person is added, told what they may in words, and works within that alone', async () => {
  const page = await web.open('/settings/people');
  const complaints = complaintsOf(page);
  await page.click('[data-do=add-person]');
  await page.fill('[name=name]', 'oli');
  await page.selectOption('[name=role]', 'operator');
  await page.selectOption('[name=where]', 'environment');
  await page.fill('[name=name-of]', 'stage');
  await page.fill('[name=group]', 'web');
  expect(await page.innerText('.grant-covers')).toContain('1 process on 1 host now');
  await page.uncheck('[name=right][value=send-input]');
  await page.click('[data-do=grant-add]');
  await page.fill('.grant:nth-of-type(2) [name=name-of]', 'nowhere');
  expect(await page.innerText('.grant:nth-of-type(2) .grant-covers')).toContain('nothing on the fleet now');
  await page.click('.grant:nth-of-type(2) [data-do=grant-remove]');
  await send(page);
  await page.waitForSelector('#secret');
  const password = await page.innerText('#secret');
  await page.click('.sheet-foot [data-do=close-sheet]');
  const line = page.locator('.people-list .line', { hasText: 'oli' });
  expect(await line.innerText()).toContain('operator of web in stage (but not: send input)');
  const { body } = await hub.ask('GET', '/users');
  const oli = body.find((one: { name: string }) => one.name === 'oli');
  expect(oli.grants[0]).toMatchObject({ role: 'operator', scope: 'env=stage/web:*' });

  const own = await web.open('/processes?by=none&fold=0', { as: { name: 'oli', password } });
  expect(await own.locator('.row.process').count()).toBe(1);
  for (const path of ['/settings/people', '/settings/audit', '/settings/hub', `/settings/people/${oli.id}`]) {
    expect((await own.goto(`${web.address}${path}`))?.status(), path).toBe(404);
  }
  await own.goto(`${web.address}/settings/you`);
  expect(await own.locator('#side .side-row').allInnerTexts()).toEqual(['You']);

  await line.locator('a').click();
  await page.click('[data-do=disable-person]');
  await send(page);
  await own.waitForURL(/\/sign-in/);
  await page.waitForSelector('[data-do=enable-person]');
  expect(await page.innerText('.page-head')).toContain('disabled');
  expect(complaints).toEqual([]);
});

test('a password is changed, and every other session of its owner ends', async () => {
  const zoe = await somebody(hub, 'zoe', { role: 'viewer', scope: '*' });
  const other = await web.open('/settings/you', { as: zoe, theme: 'dark' });
  const page = await web.open('/settings/you', { as: zoe });
  expect(await page.locator('.session-list .line:not(.head)').count()).toBe(3);
  await page.click('[data-do=change-password]');
  await page.fill('[name=password]', zoe.password);
  await page.fill('[name=new]', 'quite another one');
  await page.fill('[name=again]', 'quite another two');
  await send(page);
  expect(await page.innerText('.sheet .notice')).toContain('The two new passwords differ.');
  await page.fill('[name=again]', 'quite another one');
  await send(page);
  await other.waitForURL(/\/sign-in/);
  await until(
    'one session',
    async () => (await page.locator('.session-list .line:not(.head)').count()) === 1,
  );
  expect(await page.innerText('.session-list .line:not(.head)')).toContain('this one');
  expect((await signIn(hub, 'zoe', 'quite another one')).status).toBe(200);
  await page.reload();
  await page.waitForSelector('.live.on', { state: 'attached' });
  await page.click('[data-do=end-others]');
  await until(
    'one session',
    async () => (await page.locator('.session-list .line:not(.head)').count()) === 1,
  );
});

test('a second factor is set up by its QR code’s secret, asked for at sign-in, and left by a recovery code', async () => {
  const kim = await somebody(hub, 'kim', { role: 'viewer', scope: '*' });
  const page = await web.open('/settings/you', { as: kim });
  await page.click('[data-do=set-factor]');
  await page.fill('[name=password]', kim.password);
  await send(page);
  await page.waitForSelector('.qr path');
  const secret = (await page.innerText('#secret')).replaceAll(' ', '');
  await page.fill('[name=code]', '000000');
  await send(page);
  await page.waitForSelector('.sheet .notice');
  await page.fill('[name=code]', codeNow(secret));
  await send(page);
  await page.waitForSelector('.codes li');
  const codes = await page.locator('.codes li').allInnerTexts();
  expect(codes).toHaveLength(10);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('[data-do=download-codes]'),
  ]);
  expect(
    readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n'),
  ).toEqual(codes);
  await page.click('.sheet-foot [data-do=close-sheet]');
  expect((await signIn(hub, 'kim', kim.password)).status).toBe(401);
  await page.waitForSelector('[data-do=drop-factor]');
  await page.click('[data-do=drop-factor]');
  await page.fill('[name=password]', kim.password);
  await page.fill('[name=code]', codes[3] ?? '');
  await send(page);
  await page.waitForSelector('[data-do=set-factor]');
  expect((await signIn(hub, 'kim', kim.password)).status).toBe(200);
});

test('a token is made, shown once, used, and revoked', async () => {
  const page = await web.open('/settings/you');
  await page.click('[data-do=new-token]');
  await page.fill('[name=label]', 'deploy');
  await page.selectOption('[name=role]', 'viewer');
  await page.fill('[name=scope]', 'env=prod/*');
  expect(await page.innerText('.covers')).toContain('2 processes on 1 host');
  await page.fill('[name=password]', hub.password);
  await send(page);
  await page.waitForSelector('#secret');
  const headers = { authorization: `Bearer ${await page.innerText('#secret')}` };
  const seen = await (await hub.raw('GET', '/api/v1/processes', headers)).json();
  expect(seen).toHaveLength(2);
  await page.click('.sheet-foot [data-do=close-sheet]');
  const line = page.locator('.token-list .line', { hasText: 'deploy' });
  expect(await line.innerText()).toContain('at most viewer in prod');
  await line.locator('[data-do=revoke-token]').click();
  await line.waitFor({ state: 'detached' });
  expect((await hub.raw('GET', '/api/v1/processes', headers)).status).toBe(401);
});

test('the audit is searched by text and person, marks refusals, tells whether its chain holds, and is exported', async () => {
  await (await somebody(hub, 'eva', { role: 'viewer', scope: '*' })).ask('POST', '/join-tokens', {});
  const page = await web.open('/settings/audit');
  await page.waitForSelector('.chain >> text=The chain holds');
  await page.fill('[name=actor]', 'eva');
  await page.click('.audit-form button');
  await page.waitForURL(/actor=eva/);
  const refused = page.locator('.audit-row.a-refused');
  await refused.waitFor();
  expect(await refused.innerText()).toContain('refused: not allowed');
  await page.fill('[name=text]', 'no row has this');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=No row matches.');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("CSV")')]);
  expect(readFileSync(await download.path(), 'utf8')).toContain('join-tokens');
});

test('an environment is protected on the hub’s page, and its plans ask for its name', async () => {
  const page = await web.open('/settings/hub');
  await page.click('[data-do=protect][data-name=prod][data-asks=typed]');
  await page.waitForSelector('[data-asks=typed][aria-pressed=true]');
  await page.goto(`${web.address}/groups/web`);
  await page.waitForSelector('.live.on');
  await page.click('.page-head [data-verb=stop]');
  await page.waitForSelector('.typed >> text=prod is protected');
  await page.fill('[data-plan-word]', 'prod');
  expect(await page.isEnabled('[data-do=run]')).toBe(true);
  await page.keyboard.press('Escape');
  await hub.ask('PATCH', '/settings', { protectedEnvironments: [] });
});

test('an open join token is seen on the hub’s page, with what it lets in, and revoked there', async () => {
  const { body } = await hub.ask('POST', '/join-tokens', { uses: 20, environment: 'prod', tags: ['edge'] });
  const page = await web.open('/settings/hub');
  const row = page.locator(`[data-key="${body.id}"]`);
  await row.waitFor();
  expect(await row.innerText()).toMatch(/prod #edge[\s\S]*20 hosts[\s\S]*in (1 h|59 min|60 min)/);
  expect(await page.content()).not.toContain(body.token);
  await page.click(`[data-do=revoke-join-token][data-id="${body.id}"]`);
  await row.waitFor({ state: 'detached' });
  expect((await hub.ask('GET', '/join-tokens')).body).not.toContainEqual(
    expect.objectContaining({ id: body.id }),
  );
  await page.close();
});

const SHEETS = [
  ['/settings/you', ['change-password', 'set-factor', 'new-token']],
  ['/settings/people', ['add-person']],
  ['/settings/audit', []],
  ['/settings/hub', ['add-host', 'import-hosts']],
  ['/settings/alerts', ['add-rule', 'add-channel']],
] as const;

for (const width of ['wide', 'phone'] as const)
  test(`axe finds nothing on settings and their sheets in either theme, and nothing is wider than the screen (${width})`, async () => {
    const { body } = await hub.ask('GET', '/users');
    const found: string[] = [];
    for (const language of ['en', 'zh'] as const) {
      const page = await web.open('/settings/you', { width, language });
      const look = async (what: string): Promise<void> => {
        found.push(...(await axeInBothThemes(page, what)));
        const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        if (wider > 0) found.push(`${what} is ${wider} px wider than the screen`);
      };
      for (const [path, sheets] of [
        ...SHEETS,
        [`/settings/people/${body[0].id}`, ['edit-grants']],
      ] as const) {
        await page.goto(`${web.address}${path}`);
        await page.waitForSelector('.live.on', { state: 'attached' });
        await look(path);
        if (language === 'zh') continue;
        for (const sheet of sheets) {
          await page.click(`[data-do=${sheet}]`);
          await page.waitForSelector('.sheet');
          await look(`${path} ${sheet}`);
          await page.keyboard.press('Escape');
          await page.waitForSelector('.sheet', { state: 'detached' });
        }
      }
      await page.close();
    }
    expect(found).toEqual([]);
  });

/** What a receiver of messages was sent. */
async function receiver(): Promise<{ url: string; bodies: string[]; close(): void }> {
  const bodies: string[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (part) => {
      body += part;
    });
    req.on('end', () => {
      bodies.push(body);
      res.statusCode = 204;
      res.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook/secret-of-ours`, bodies, close: () => server.close() };
}

test('a channel is added, tested with the result beside it, and named by a rule that reads as a sentence', async () => {
  const ops = await receiver();
  const page = await web.open('/alerts');
  const complaints = complaintsOf(page);
  await page.click('[data-do=add-channel]');
  await page.fill('[name=name]', 'ops');
  await page.fill('[name=url]', 'http://169.254.169.254/latest');
  await send(page);
  const url = page.locator('.for-webhook:has([name=url])');
  await url.locator('.fault').waitFor();
  expect(await url.innerText()).toContain('cloud metadata address');
  expect(await page.inputValue('[name=name]')).toBe('ops');
  await page.fill('[name=url]', ops.url);
  await send(page);
  await page.waitForSelector('.sheet', { state: 'detached' });
  await page.waitForSelector('text=Nobody is told of alerts yet.', { state: 'detached' });

  await page.click('text=Rules and channels');
  const channel = page.locator('.alert-channel', { hasText: 'ops' });
  await channel.locator('[data-do=test-channel]').click();
  await channel.locator('.test-result[data-result=done]').waitFor();
  expect(await channel.innerText()).toContain('delivered: the receiver answered HTTP 204');
  expect(ops.bodies).toHaveLength(1);
  expect(await page.content()).not.toContain('secret-of-ours');

  await page.click('[data-do=add-rule]');
  await page.fill('[name=name]', 'stuck');
  await page.selectOption('[name=kind]', 'flapping');
  expect(await page.isVisible('[name=state]')).toBe(false);
  await page.fill('[name=restarts]', '5');
  await page.fill('[name=withinMinutes]', '10');
  await page.fill('[name=selector]', 'stage-1/"');
  await page.fill('[name=forSeconds]', '90');
  await page.selectOption('[name=severity]', 'critical');
  await page.uncheck('.every-channel');
  await page.check('.one-channel >> text=ops');
  await send(page);
  const selector = page.locator('label:has([name=selector])');
  await selector.locator('.fault').waitFor();
  expect(await selector.innerText()).toContain('opens a quote that is not closed');
  expect(await page.inputValue('[name=restarts]')).toBe('5');
  expect(await page.isChecked('.one-channel >> text=ops')).toBe(true);
  await page.fill('[name=selector]', 'stage-1/*');
  await send(page);
  const rule = page.locator('.alert-rule', { hasText: 'stuck' });
  await rule.waitFor();
  expect(await rule.locator('p').innerText()).toBe(
    'A process of stage-1/* is restarted 5 times within 10 min for 90 s → critical → ops',
  );
  await rule.locator('[role=switch]').click();
  await rule.locator('[role=switch][aria-checked=false]').waitFor();
  await rule.locator('[data-do=remove-rule]').click();
  expect(await page.innerText('.sheet')).toContain('Delete the rule stuck');
  await send(page);
  await rule.waitFor({ state: 'detached' });
  await channel.locator('[data-do=remove-channel]').click();
  await send(page);
  await channel.waitFor({ state: 'detached' });
  // the two refusals above are told by the browser, too
  await page.goto(`${web.address}/groups/web`);
  await page.click('.page-head [data-verb=restart]');
  await page.click('[data-do=schedule-plan]');
  expect(await page.inputValue('.sheet [name=selector]')).toBe('group web');
  expect(await page.inputValue('.sheet [name=mode]')).toBe('parallel');
  await page.waitForSelector('.schedule-preview:empty', { state: 'attached' });
  expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);
  ops.close();
});

test('an alert opens under the eyes of its reader, is counted, acknowledged with a note, and taken back', async () => {
  const rule = { name: 'restarted', condition: { kind: 'flapping', restarts: 2, withinSeconds: 3_600 } };
  const made = await hub.ask('POST', '/alert-rules', {
    ...rule,
    selector: 'stage-1/*',
    severity: 'critical',
  });
  expect(made.status).toBe(201);
  const page = await web.open('/alerts');
  await page.waitForSelector('text=Nothing that a rule looks for is wrong.');
  for (let n = 1; n <= 2; n++) {
    const pid = (await hub.ask('GET', '/processes?selector=stage-1/web:*')).body[0].pid;
    process.kill(pid, 'SIGKILL');
    await until('another pid', async () => {
      const [now] = (await hub.ask('GET', '/processes?selector=stage-1/web:*')).body;
      return now.pid !== pid && now.state === 'RUNNING';
    });
  }
  const alert = page.locator('.alert', { hasText: 'stage-1' });
  await alert.waitFor();
  expect(await alert.innerText()).toMatch(/critical[\s\S]*stage-1[\s\S]*was restarted 2 times within 1 h/);
  await page.waitForSelector('.nav [data-key=alerts] .n >> text=1');
  await alert.locator('[data-do=ack-alert]').click();
  expect(await page.innerText('.sheet')).toContain('stage-1/web:web');
  await page.fill('[name=note]', 'mine <b>now</b>');
  await send(page);
  await page.waitForSelector('.alert.acked');
  expect(await alert.innerText()).toContain('mine <b>now</b>');
  expect(await alert.innerText()).toContain('admin');
  await page.goto(`${web.address}/processes/stage-1/web:web`);
  await page.waitForSelector('.alerts-here .alert.acked');
  await page.click('[data-do=unack-alert]');
  await page.waitForSelector('.alerts-here .alert:not(.acked)');
  await page.goto(`${web.address}/hosts/stage-1`);
  await page.waitForSelector('.alerts-here .alert');

  const plain = await web.open('/alerts', { script: 'off' });
  await plain.click('[data-do=ack-alert]');
  expect(await plain.innerText('.form-page')).toContain('stage-1/web:web');
  await plain.fill('[name=note]', 'without a script');
  await plain.click('button:has-text("Acknowledge")');
  expect(await plain.innerText('.alert.acked')).toContain('without a script');
  await plain.click('[data-do=unack-alert]');
  expect(await plain.locator('.alert.acked').count()).toBe(0);

  await page.goto(`${web.address}/alerts`);
  await alert.waitFor();
  await hub.ask('DELETE', `/alert-rules/${made.body.id}`);
  await alert.waitFor({ state: 'detached' });
  await page.waitForSelector('.alerts-closed .line:not(.head) >> text=rule changed');
});

test('an operator sees alerts and nothing of rules and channels', async () => {
  const ola = await somebody(hub, 'ola', { role: 'operator', scope: 'stage-1/*' });
  const page = await web.open('/alerts', { as: ola });
  await page.waitForSelector('text=Nothing that a rule looks for is wrong.');
  expect(await page.locator('text=Rules and channels').count()).toBe(0);
  expect((await page.goto(`${web.address}/settings/alerts`))?.status()).toBe(404);
});

test('a schedule is added with its next runs in view, run by hand, paused, removed and put back', async () => {
  const page = await web.open('/schedules');
  const complaints = complaintsOf(page);
  expect(await page.innerText('.empty')).toContain('restart the workers every night');
  await page.click('.page-head [data-do=add-schedule]');
  await page.fill('[name=name]', 'nightly <b>web</b>');
  await page.fill('[name=selector]', 'web:*');
  await page.fill('[name=cron]', 'at three');
  await page.fill('[name=timeZone]', 'Asia/Shanghai');
  await until('what is wrong', async () =>
    (await page.innerText('.schedule-preview')).includes('five fields'),
  );
  await page.fill('[name=cron]', '30 2 * * *');
  await page.waitForSelector('.schedule-times li:nth-child(5)');
  expect(await page.innerText('.schedule-times li:first-child')).toContain('02:30 in Asia/Shanghai)');
  expect(await page.innerText('.schedule-names')).toBe('prod-1/web:web stage-1/web:web');
  await send(page);
  const row = page.locator('.schedule', { hasText: 'nightly <b>web</b>' });
  await row.waitFor();
  expect(await row.innerText()).toContain('Restart web:*, rolling · 30 2 * * * Asia/Shanghai · as admin');
  expect(await axeInBothThemes(page, '/schedules')).toEqual([]);
  await row.locator('[data-do=run-schedule]').click();
  await page.waitForSelector('.sheet .schedule-names');
  await send(page);
  await page.waitForURL(/\/actions\/a_/);
  expect(await page.innerText('main')).toContain('schedule nightly <b>web</b> (admin)');
  await page.goto(`${web.address}/schedules`);
  await until('the end of its run', async () => (await row.innerText()).includes('Last: done'));
  await row.locator('a').first().click();
  await page.waitForSelector('.schedule-runs li');
  expect(await page.innerText('.schedule-runs')).toContain('by hand, admin');
  await page.click('[data-do=turn-schedule]');
  await page.waitForSelector('[data-do=turn-schedule][aria-checked=false]');
  await page.click('[data-do=remove-schedule]');
  await page.waitForSelector('.empty');
  await page.click('#says button');
  await row.waitFor();
  // What is typed is refused until it can be read, and what was removed is asked for once more.
  expect(complaints.filter((one) => !/ 4(?:22|04) /.test(one))).toEqual([]);
  expect(hub.bugs).toEqual([]);
});
