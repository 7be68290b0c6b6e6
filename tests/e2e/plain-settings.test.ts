import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds } from '../support/axe.ts';
import { consoleOn, type HubConsole } from '../support/console-on-hub.ts';
import type { TestHub } from '../support/hub.ts';
import { signIn, somebody } from '../support/people.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { startSupervisor } from '../support/supervisors.ts';
import { twoEnvironments } from '../support/two-environments.ts';
import { until } from '../support/until.ts';

/** All that is set in the console, in a browser without JavaScript. */
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

const plain = (path: string, as?: { name: string; password: string }): Promise<Page> =>
  web.open(path, { script: 'off', ...(as === undefined ? {} : { as }) });
const said = (page: Page): Promise<string> => page.innerText('#said');
const pathOf = (page: Page): string => new URL(page.url()).pathname;
const hostNamed = async (name: string) =>
  (await hub.ask('GET', '/hosts')).body.find((host: { name: string }) => host.name === name);

test('without JavaScript a host is tested, added, edited, put into maintenance, removed and put back', async () => {
  const supervisor = await startSupervisor(lifetime, 'supervisord', { config: '' });
  const page = await plain('/hosts');
  await page.click('.page-head [data-do=add-host]');
  await page.fill('[name=name]', 'plain-1');
  await page.fill('[name=tags]', 'web eu');
  await page.fill('[name=url]', 'http://127.0.0.1:1/RPC2');
  await page.click('text=Test first');
  expect(await page.innerText('.steps-list .r-failed')).toContain('Connect');
  expect(await page.inputValue('[name=name]')).toBe('plain-1');
  await page.fill('[name=url]', 'not an address');
  await page.click('button:has-text("Add host")');
  expect(await page.innerText('[role=alert]')).toContain('url');
  await page.fill('[name=url]', `unix://${supervisor.socketPath}`);
  await page.click('button:has-text("Add host")');
  expect(pathOf(page)).toBe('/hosts/plain-1');
  expect(await said(page)).toBe('plain-1 is added.');
  await page.reload();
  expect(await page.locator('#said').count()).toBe(0);
  expect((await hostNamed('plain-1')).tags).toEqual(['web', 'eu']);

  const care = async (item: string): Promise<void> => {
    await page.click('.page-head [data-do=more-verbs]');
    await page.click(`.plain-menu >> text=${item}`);
  };
  await care('Edit…');
  await page.fill('[name=name]', 'plain-2');
  await page.fill('[name=notes]', 'rack <b>7</b>');
  await page.click('button:has-text("Save")');
  expect(pathOf(page)).toBe('/hosts/plain-2');
  expect(await page.innerText('main')).toContain('rack <b>7</b>');
  await care('Edit…');
  const host = await hostNamed('plain-2');
  await hub.ask('PATCH', `/hosts/${host.id}`, { notes: 'of somebody else' });
  await page.fill('[name=notes]', 'mine');
  await page.click('button:has-text("Save")');
  expect(await page.innerText('[role=alert]')).toContain('Somebody else changed it meanwhile.');
  expect((await hostNamed('plain-2')).notes).toBe('of somebody else');
  expect(await page.inputValue('[name=notes]')).toBe('mine');
  await page.click('button:has-text("Save")');
  expect((await hostNamed('plain-2')).notes).toBe('mine');
  await care('Maintenance…');
  await page.click('text=Begin maintenance');
  expect(await page.innerText('main')).toContain('In maintenance, by admin.');
  await care('End maintenance');
  expect(await page.innerText('main')).not.toContain('In maintenance');
  await care('Disable');
  expect((await hostNamed('plain-2')).disabled).toBe(true);
  await care('Enable');
  await care('Test');
  expect(await page.innerText('.sentence')).toContain('It answers.');
  await page.click('.form-page >> text=Back');
  await page.goto(`${web.address}/hosts/plain-2`);
  await care('Remove…');
  expect(await page.innerText('main')).toContain('Its processes keep running');
  await page.click('button:has-text("Remove plain-2")');
  expect(pathOf(page)).toBe('/hosts');
  expect(await hostNamed('plain-2')).toBeUndefined();
  await page.click('#said button');
  expect(pathOf(page)).toBe('/hosts/plain-2');
});

test('without JavaScript a line for an agent is made, and a list of hosts is looked at and then imported', async () => {
  const page = await plain('/hosts');
  await page.click('.page-head [data-do=add-host]');
  await page.click('text=Make the line');
  await page.fill('[name=environment]', 'prod');
  await page.click('button:has-text("Make the line")');
  expect(await page.locator('.command code').first().innerText()).toMatch(
    new RegExp(`^curl -fsSL ${web.address}/install \\| sudo sh -s -- --token fvj_[\\w-]+$`),
  );
  await page.goto(`${web.address}/hosts`);
  await page.click('.page-head [data-do=import-hosts]');
  const list = {
    name: 'hosts.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('http://127.0.0.3:9/RPC2\n'),
  };
  const hosts = async (): Promise<number> => (await hub.ask('GET', '/hosts')).body.length;
  const before = await hosts();
  await page.setInputFiles('[name=file]', list);
  await page.click('button:has-text("Look")');
  expect(await page.innerText('.sheet-list')).toContain('127.0.0.3');
  expect(await hosts()).toBe(before);
  await page.setInputFiles('[name=file]', list);
  await page.click('button:has-text("Add hosts")');
  expect(await page.innerText('main')).toContain('Imported');
  expect(await hosts()).toBe(before + 1);
});

test('without JavaScript a person is added with two grants, changed, disabled and enabled, all of it audited', async () => {
  const page = await plain('/settings/people');
  await page.click('[data-do=add-person]');
  await page.fill('[name=name]', 'nia');
  await page.selectOption('[name=role]', 'operator');
  await page.selectOption('[name=where]', 'environment');
  await page.fill('[name=name-of]', 'stage');
  await page.uncheck('[name=right][value="0 send-input"]');
  await page.click('text=Add another');
  expect(await page.inputValue('[name=name]')).toBe('nia');
  await page.locator('[name=where]').nth(1).selectOption('group');
  await page.locator('[name=name-of]').nth(1).fill('web');
  await page.click('button:text-is("Add")');
  const password = await page.innerText('#secret');
  const nia = (await hub.ask('GET', '/users')).body.find((one: { name: string }) => one.name === 'nia');
  expect(nia.grants).toMatchObject([
    { role: 'operator', scope: 'env=stage/*' },
    { role: 'viewer', scope: 'web:*' },
  ]);
  expect(nia.grants[0].rights).not.toContain('send-input');
  expect((await signIn(hub, 'nia', password)).status).toBe(200);

  await page.goto(`${web.address}/settings/people/${nia.id}`);
  await page.click('[data-do=edit-grants]');
  await page.click('.grant:nth-of-type(2) button:has-text("Take this away")');
  await page.click('button:has-text("Save")');
  expect(await said(page)).toBe('What nia may is changed.');
  await page.locator('.session-list [data-do=end-session]').first().click();
  expect(pathOf(page)).toBe(`/settings/people/${nia.id}`);
  expect(await said(page)).toBe('1 session ended.');
  await page.click('[data-do=disable-person]');
  await page.click('button:has-text("Disable nia")');
  expect((await signIn(hub, 'nia', password)).status).toBe(401);
  await page.click('[data-do=enable-person]');
  await page.click('[data-do=reset-password]');
  await page.click('button:has-text("Make a new password")');
  expect((await signIn(hub, 'nia', await page.innerText('#secret'))).status).toBe(200);
  const { rows } = (await hub.ask('GET', '/audit?actor=admin&limit=50')).body;
  const whats = rows.map((row: { what: string }) => row.what);
  for (const what of ['POST /users', 'PATCH /users/:id', 'POST /users/:id/password'])
    expect(whats).toContain(what);
});

test('without JavaScript one’s own password is changed, a second factor set up and dropped, a token made and revoked', async () => {
  const ada = await somebody(hub, 'ada', { role: 'viewer', scope: '*' });
  const page = await plain('/settings/you', ada);
  const change = async (again: string): Promise<void> => {
    await page.fill('[name=password]', ada.password);
    await page.fill('[name=new]', 'quite another one');
    await page.fill('[name=again]', again);
    await page.click('button:has-text("Change password")');
  };
  await page.click('[data-do=change-password]');
  await change('not the same one');
  expect(await page.innerText('[role=alert]')).toContain('The two new passwords differ.');
  expect(await page.inputValue('[name=password]')).toBe('');
  await change('quite another one');
  expect(await said(page)).toBe('Your password is changed.');
  expect((await signIn(hub, 'ada', 'quite another one')).status).toBe(200);

  await page.click('[data-do=set-factor]');
  await page.fill('[name=password]', 'quite another one');
  await page.click('button:has-text("Go on")');
  const secret = (await page.innerText('#secret')).replaceAll(' ', '');
  await page.fill('[name=code]', '000000');
  await page.click('button:has-text("Turn on")');
  expect(await page.locator('[role=alert]').count()).toBe(1);
  await page.fill('[name=code]', new TOTP({ secret, issuer: 'Fleetvisor' }).generate());
  await page.click('button:has-text("Turn on")');
  const codes = await page.locator('.codes li').allInnerTexts();
  expect(codes).toHaveLength(10);
  await page.click('.form-page >> text=Back');
  await page.click('[data-do=drop-factor]');
  await page.fill('[name=password]', 'quite another one');
  await page.fill('[name=code]', codes[0] ?? '');
  await page.click('button:has-text("Turn off")');
  expect(await said(page)).toBe('The second factor is off.');

  await page.click('[data-do=new-token]');
  await page.fill('[name=label]', 'deploy');
  await page.fill('[name=password]', 'wrong');
  await page.click('button:has-text("Make token")');
  expect(await page.inputValue('[name=label]')).toBe('deploy');
  await page.fill('[name=password]', 'quite another one');
  await page.click('button:has-text("Make token")');
  const headers = { authorization: `Bearer ${await page.innerText('#secret')}` };
  expect((await hub.raw('GET', '/api/v1/processes', headers)).status).toBe(200);
  await page.goto(`${web.address}/settings/you`);
  await page.click('[data-do=revoke-token]');
  expect(await said(page)).toContain('deploy is revoked');
  expect((await hub.raw('GET', '/api/v1/processes', headers)).status).toBe(401);
});

test('without JavaScript an environment is protected, a view saved, opened first and removed', async () => {
  const page = await plain('/settings/hub');
  await page.click('[data-do=protect][data-name=prod][data-asks="second-person"]');
  expect(await said(page)).toContain('prod asks from now on: second person');
  await page.selectOption('[name=minutes]', '30');
  await page.click('.set button:has-text("Save")');
  expect((await hub.ask('GET', '/settings')).body).toMatchObject({ approvalMinutes: 30 });
  const { body: joining } = await hub.ask('POST', '/join-tokens', {});
  await page.goto(`${web.address}/settings/hub`);
  await page.click(`[data-do=revoke-join-token][data-id="${joining.id}"]`);
  expect(await said(page)).toContain(`${joining.id} lets nobody join any more`);
  await page.click('[data-do=protect][data-name=prod][data-asks=nothing]');
  expect((await hub.ask('GET', '/settings')).body.protectedEnvironments).toEqual([]);

  await page.goto(`${web.address}/processes?env=prod&by=host`);
  await page.click('#side [data-do=save-view]');
  await page.fill('[name=name]', 'prod now');
  await page.click('button:has-text("Save")');
  expect(new URL(page.url()).search).toBe('?env=prod&by=host');
  await page.click('#side [data-do=save-view]');
  await page.click('.sheet-list >> text=Open it first');
  expect(await page.getAttribute('.nav [data-key=processes]', 'href')).toContain('env=prod');
  await page.click('#side [data-do=save-view]');
  await page.click('.sheet-list >> text=Remove this view');
  expect(await said(page)).toBe('The view prod now is removed.');
});

test('without JavaScript one person asks, and another approves from the action’s page', async () => {
  await hub.ask('PATCH', '/settings', {
    protectedEnvironments: [{ environment: 'prod', asks: 'second-person' }],
  });
  const bo = await somebody(hub, 'bo', { role: 'operator', scope: '*' });
  const page = await plain('/processes/prod-1/web:web', bo);
  await page.click('.page-head button:has-text("Restart")');
  await page.click('.plan-form [type=submit]');
  const action = pathOf(page);
  const other = await plain(action);
  await other.click('[data-do=approve-action]');
  expect(await said(other)).toBe('It is approved.');
  await until('it to be done', async () => {
    await page.reload();
    return page.locator('.outcome.k-done >> text=RUNNING').first().isVisible();
  });
  await hub.ask('PATCH', '/settings', { protectedEnvironments: [] });
});

test('without JavaScript a channel and a rule are added, changed, switched off, tested and deleted', async () => {
  const page = await plain('/settings/alerts');
  await page.click('[data-do=add-channel]');
  await page.fill('[name=name]', 'night');
  await page.fill('[name=url]', 'not an address');
  await page.click('button:has-text("Save the channel")');
  expect(await page.innerText('.for-webhook:has([name=url])')).toContain('is not an address');
  await page.fill('[name=url]', 'http://127.0.0.1:9/hook');
  await page.click('button:has-text("Save the channel")');
  expect(await said(page)).toBe('The channel night is saved.');
  await page.click('.alert-channel [data-do=test-channel]');
  expect(await page.innerText('.sentence')).toContain('See whether something listens at');
  await page.click('.form-page >> text=Back');
  await page.click('.page [data-do=add-rule]');
  await page.fill('[name=name]', 'heavy');
  await page.selectOption('[name=kind]', 'memory-over');
  await page.fill('[name=mebibytes]', '512');
  await page.uncheck('.every-channel');
  await page.click('button:has-text("Save the rule")');
  const rule = page.locator('.alert-rule', { hasText: 'heavy' });
  expect(await rule.innerText()).toContain('Any process uses more than 512 MiB → warning → tells nobody');
  await rule.locator('[data-do=edit-rule]').click();
  expect(await page.inputValue('[name=mebibytes]')).toBe('512');
  await page.fill('[name=mebibytes]', '1024');
  await page.click('button:has-text("Save the rule")');
  expect(await rule.innerText()).toContain('1.0 GiB');
  await rule.locator('[role=switch]').click();
  expect(await said(page)).toContain('switched off');
  await rule.locator('[data-do=remove-rule]').click();
  await page.click('button:has-text("Delete the rule")');
  expect(await said(page)).toBe('The rule heavy is deleted.');
  await page.locator('.alert-channel [data-do=remove-channel]').click();
  await page.click('button:has-text("Delete the channel")');
  expect(await said(page)).toBe('The channel night is deleted.');
});

test('a form of another site or without the token changes nothing, and who may not finds no form', async () => {
  const body = new URLSearchParams({ csrf: 'nonsense', name: 'mal', role: 'admin', where: 'everything' });
  const form = { cookie: hub.session.cookie, 'content-type': 'application/x-www-form-urlencoded' };
  expect((await hub.raw('POST', '/forms/add-person', form, `${body}`)).status).toBe(403);
  body.set('csrf', hub.session.csrf);
  const evil = { ...form, origin: 'https://evil.example' };
  expect((await hub.raw('POST', '/forms/add-person', evil, `${body}`)).status).toBe(403);
  const names = (await hub.ask('GET', '/users')).body.map((one: { name: string }) => one.name);
  expect(names).not.toContain('mal');
  const kit = await somebody(hub, 'kit', { role: 'viewer', scope: '*' });
  const page = await plain('/settings/you', kit);
  for (const name of ['add-person', 'add-host', 'protect', 'no-such-form'])
    expect((await page.goto(`${web.address}/forms/${name}`))?.status(), name).toBe(404);
  const cookie = { cookie: kit.headers.cookie ?? '', 'content-type': form['content-type'] };
  await hub.raw('POST', '/forms/add-person', cookie, `${body}`);
  expect((await hub.ask('GET', '/users')).body.map((one: { name: string }) => one.name)).not.toContain('mal');
});

const FORMS = [
  'add-host',
  'make-join-line',
  'import-hosts',
  'add-person',
  'change-password',
  'set-factor',
  'new-token',
  'save-view?of=processes',
  'more-verbs?of=- - stage-1/*:*',
  'add-rule',
  'add-channel',
];

test('axe finds nothing on the forms, with a script too, and none is wider than the screen', async () => {
  const found: string[] = [];
  for (const [width, theme, language] of [
    ['wide', 'light', 'en'],
    ['phone', 'dark', 'zh'],
  ] as const) {
    const page = await web.open('/', { width, theme, language });
    for (const form of FORMS) {
      await page.goto(`${web.address}/forms/${form}`);
      await page.waitForSelector('.live.on', { state: 'attached' });
      await page.waitForSelector('.form-page');
      found.push(...(await axeFinds(page)).map((one) => `${form} ${width}: ${one}`));
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (wider > 0) found.push(`${form} is ${wider} px wider than the screen (${width})`);
    }
  }
  expect(found).toEqual([]);
});

test('with a script a form that was opened before it ran still works, and leaving it draws the next page', async () => {
  const page = await web.open('/forms/add-person');
  await page.fill('[name=name]', 'una');
  await page.click('button:text-is("Add")');
  const password = await page.innerText('#secret');
  await page.waitForSelector('.live.on', { state: 'attached' });
  expect(await page.innerText('#secret')).toBe(password);
  await page.click('.nav [data-key=hosts]');
  await page.waitForSelector('.hosts-list');
});

test('without JavaScript a schedule shows its next runs before it is saved, is paused, removed and put back', async () => {
  const page = await plain('/schedules');
  await page.click('.page-head [data-do=add-schedule]');
  await page.fill('[name=name]', 'nightly');
  await page.fill('[name=selector]', '*');
  await page.fill('[name=cron]', '61 * * * *');
  await page.click('button:has-text("Show the next runs")');
  expect(await page.innerText('main')).toContain('Invalid value for minute: 61');
  await page.fill('[name=cron]', '30 2 * * *');
  await page.click('button:has-text("Show the next runs")');
  expect(await page.locator('.schedule-times li').count()).toBe(5);
  expect(await page.inputValue('[name=name]')).toBe('nightly');
  await page.click('button:has-text("Save the schedule")');
  expect(await said(page)).toBe('nightly is saved.');
  await page.click('[data-do=turn-schedule]');
  expect(await said(page)).toContain('nightly is paused');
  await page.click('[data-do=edit-schedule]');
  expect(await page.inputValue('[name=mode]')).toBe('rolling');
  await page.selectOption('[name=mode]', 'parallel');
  await page.click('button:has-text("Save the schedule")');
  expect(await page.innerText('.schedule')).toContain('paused');
  await page.click('[data-do=remove-schedule]');
  await page.click('button:has-text("Remove the schedule")');
  expect(await page.locator('.schedule').count()).toBe(0);
  await page.click('#said button');
  expect(await said(page)).toBe('nightly is back.');
  await page.click('.schedule a');
  expect(await page.innerText('main')).toContain('It has not run yet.');
});
