import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf } from '../support/browser.ts';
import { consoleOn, type HubConsole } from '../support/console-on-hub.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { addUser } from '../support/people.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let web: HubConsole;
let ann: { readonly name: string; readonly password: string };
const lifetime = sharedLifetime();

/** Two administrators, each in a browser of their own, at a hub with a host in two environments. */
beforeAll(async () => {
  hub = await startTestHub(lifetime);
  for (const [name, environment] of [
    ['db-1', 'prod'],
    ['web-1', 'stage'],
  ])
    await hub.ask('POST', '/hosts', {
      name,
      url: `unix:///tmp/nobody-at-${name}.sock`,
      environment,
      tags: ['a'],
    });
  ann = { name: 'ann', password: (await addUser(hub, 'ann', { role: 'admin', scope: '*' })).password };
  web = await consoleOn(hub);
});

afterAll(async () => {
  await web.close();
});

const submit = (page: Page) => page.click('.sheet-foot .button.primary');
const rowsOf = async (page: Page) => {
  await page.waitForSelector('.conflict tbody');
  return page.$$eval('.conflict tbody tr', (rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
  );
};
const host = async (name: string) =>
  (await hub.ask('GET', '/hosts')).body.find((one: { name: string }) => one.name === name);

test('two people who edit one host are told what the other changed; mine is kept without undoing theirs, or theirs is taken', async () => {
  const { id } = await host('web-1');
  const open = async (page: Page) => {
    await page.click('[data-do="edit-host"]');
    await page.waitForSelector('#edit-host');
  };
  const first = await web.open('/hosts/web-1');
  const second = await web.open('/hosts/web-1', { as: ann });
  const complaints = complaintsOf(second);
  for (const page of [first, second]) await open(page);
  await first.fill('#edit-host [name=notes]', 'moves on Friday');
  await first.fill('#edit-host [name=tags]', 'a b');
  await submit(first);
  await until('the first is saved', async () => (await host('web-1')).notes === 'moves on Friday');
  await second.fill('#edit-host [name=tags]', 'a c');
  await submit(second);
  expect(await rowsOf(second)).toEqual([
    ['Tags', 'a', 'a b', 'a c'],
    ['Notes', '–', 'moves on Friday', '–'],
  ]);
  expect((await host('web-1')).tags).toEqual(['a', 'b']);
  await second.click('[data-do=keep-mine]');
  await until('mine is saved', async () => (await host('web-1')).tags.join() === 'a,c');
  expect((await host('web-1')).notes).toBe('moves on Friday');

  await second.waitForSelector('dialog', { state: 'detached' });
  await open(second);
  await hub.ask('PATCH', `/hosts/${id}`, { environment: 'prod' });
  await second.fill('#edit-host [name=environment]', 'lab');
  await submit(second);
  expect(await rowsOf(second)).toEqual([['Environment', 'stage', 'prod', 'lab']]);
  await second.click('[data-do=take-theirs]');
  expect(await second.inputValue('#edit-host [name=environment]')).toBe('prod');
  await second.fill('#edit-host [name=notes]', 'stays');
  await submit(second);
  await until('the rest is saved', async () => (await host('web-1')).notes === 'stays');
  expect((await host('web-1')).environment).toBe('prod');
  expect(complaints.filter((one) => !one.includes('412'))).toEqual([]);
});

test('two people who change what a third may do not overwrite each other unseen', async () => {
  const { id } = await addUser(hub, 'oli', { role: 'viewer', scope: '*' });
  const grants = async () =>
    (await hub.ask('GET', `/users/${id}`)).body.grants.map(
      ({ role, scope }: { role: string; scope: string }) => `${role}@${scope}`,
    );
  const page = await web.open(`/settings/people/${id}`, { as: ann });
  await page.click('[data-do=edit-grants]');
  await page.selectOption('[name=role]', 'operator');
  await hub.ask('PATCH', `/users/${id}`, { grants: [{ role: 'admin', scope: 'env=lab/*' }] });
  await submit(page);
  expect(await rowsOf(page)).toEqual([['May', 'viewer everywhere', 'admin in lab', 'operator everywhere']]);
  expect(await grants()).toEqual(['admin@env=lab/*']);
  await page.click('[data-do=take-theirs]');
  expect(await page.inputValue('[name=role]')).toBe('admin');
  await page.selectOption('[name=role]', 'operator');
  await submit(page);
  await until('saved on top of theirs', async () => (await grants()).join() === 'operator@env=lab/*');

  await page.waitForSelector('dialog', { state: 'detached' });
  await page.click('[data-do=edit-grants]');
  await page.selectOption('[name=role]', 'viewer');
  await hub.ask('PATCH', `/users/${id}`, { disabled: true });
  await submit(page);
  expect(await rowsOf(page)).toEqual([['Disabled', '–', 'Disabled', '–']]);
  await page.click('[data-do=keep-mine]');
  await until('mine is saved', async () => (await grants()).join() === 'viewer@env=lab/*');
});

test('a protection that somebody else changed since the page was drawn is shown before it is changed again', async () => {
  const asks = async () =>
    (await hub.ask('GET', '/settings')).body.protectedEnvironments.find(
      ({ environment }: { environment: string }) => environment === 'prod',
    )?.asks;
  const page = await web.open('/settings/hub', { as: ann });
  const choice = (value: string) => `[data-do=protect][data-name=prod][data-asks=${value}]`;
  await page.waitForSelector(`${choice('nothing')}[aria-pressed=true]`);
  const protectedEnvironments = [{ environment: 'prod', asks: 'second-person' }];
  await hub.ask('PATCH', '/settings', { protectedEnvironments });
  await page.click(choice('typed'));
  await page.waitForSelector(`${choice('second-person')}[aria-pressed=true]`);
  expect(await page.textContent('#says')).toContain('Somebody else changed this meanwhile');
  expect(await asks()).toBe('second-person');
  await page.click(choice('typed'));
  await until('now it is meant', async () => (await asks()) === 'typed');
});

test('two people who edit one alert rule, or one channel, choose between mine and theirs, field by field', async () => {
  const rules = await hub.ask('GET', '/alert-rules');
  const { id, name } = rules.body[0];
  const rule = async () => (await hub.ask('GET', `/alert-rules/${id}`)).body;
  const page = await web.open('/settings/alerts', { as: ann });
  const edit = async () => {
    await page.click(`[data-do=edit-rule][data-id="${id}"]`);
    await page.waitForSelector('#sheet-form [name=forSeconds]');
  };
  await edit();
  await hub.ask('PATCH', `/alert-rules/${id}`, { name: 'theirs', clearSeconds: 120 });
  await page.fill('[name=forSeconds]', '42');
  await submit(page);
  const rows = await rowsOf(page);
  expect(rows.map(([label, , now, mine]) => [label, now, mine])).toEqual([
    ['Name', 'theirs', '–'],
    ['Well for seconds', '2 min', '–'],
  ]);
  await page.click('[data-do=keep-mine]');
  await until('mine is saved', async () => (await rule()).forSeconds === 42);
  expect(await rule()).toMatchObject({ name: 'theirs', clearSeconds: 120 });

  await page.waitForSelector('dialog', { state: 'detached' });
  await edit();
  await hub.ask('PATCH', `/alert-rules/${id}`, { forSeconds: 99, name });
  await page.fill('[name=forSeconds]', '43');
  await submit(page);
  expect((await rowsOf(page)).map(([label, ...texts]) => [label, ...texts.slice(1)])).toEqual([
    ['Name', name, '–'],
    ['For seconds', '99 s', '43 s'],
  ]);
  await page.click('[data-do=take-theirs]');
  expect(await page.inputValue('[name=forSeconds]')).toBe('99');
  expect(await page.inputValue('[name=name]')).toBe(name);
  await page.keyboard.press('Escape');

  const made = await hub.ask('POST', '/alert-channels', {
    kind: 'webhook',
    name: 'ops',
    url: 'http://127.0.0.1:9/hook',
  });
  await page.reload();
  await page.click(`[data-do=edit-channel][data-id="${made.body.id}"]`);
  await page.waitForSelector('#sheet-form [name=name]');
  await hub.ask('PATCH', `/alert-channels/${made.body.id}`, { enabled: false });
  await page.fill('[name=name]', 'night');
  await submit(page);
  expect(await rowsOf(page)).toEqual([['Disabled', '–', 'Disabled', '–']]);
  await page.click('[data-do=keep-mine]');
  const channel = async () => (await hub.ask('GET', `/alert-channels/${made.body.id}`)).body;
  await until('mine is saved', async () => (await channel()).name === 'night');
  expect((await channel()).enabled).toBe(false);
});
