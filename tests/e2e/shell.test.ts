import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds } from '../support/axe.ts';
import { complaintsOf } from '../support/browser.ts';
import { consoleOn, type HubConsole } from '../support/console-on-hub.ts';
import type { TestHub } from '../support/hub.ts';
import { somebody } from '../support/people.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { startSupervisor } from '../support/supervisors.ts';
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

const states = async (): Promise<string[]> =>
  (await hub.ask('GET', '/processes?selector=*/web:*')).body.map((one: { state: string }) => one.state);
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('(document.activeElement.textContent || document.activeElement.id).trim()');

test('what a stop stopped is started again from the tray, and only that', async () => {
  const page = await web.open('/groups/web');
  const complaints = complaintsOf(page);
  await page.click('.page-head [data-verb=stop]');
  await page.click('[data-do=run]:not([disabled])');
  await page.waitForURL('**/actions/*');
  await until('both stopped', async () => (await states()).every((state) => state === 'STOPPED'));
  await page.click('[data-do=tray]');
  await page.click('.tray-job >> text=Start again');
  await page.waitForSelector('[data-do=run]:not([disabled])');
  expect(await page.innerText('.sentence')).toContain('2 processes on 2 hosts');
  await page.click('[data-do=run]');
  await until('both running', async () => (await states()).every((state) => state === 'RUNNING'));
  expect(complaints).toEqual([]);
});

test('the palette goes to hosts, settings and verbs by their names; g and a letter to pages', async () => {
  const page = await web.open('/');
  const find = async (text: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(text);
    await page.waitForSelector('.found.on');
    await page.keyboard.press('Enter');
  };
  await find('stage-1');
  await page.waitForURL('**/hosts/stage-1');
  await find('audit');
  await page.waitForURL('**/settings/audit');
  await find('stop web');
  expect(await page.innerText('.sheet-head')).toContain('Stop web');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.sheet', { state: 'detached' });
  for (const [key, path] of [
    ['s', '/settings/you'],
    ['h', '/hosts'],
    ['o', '/'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await page.waitForURL(`${web.address}${path}`);
  }
});

test('j and k walk the rows of every list: Enter opens one, verbs act on it', async () => {
  const page = await web.open('/hosts');
  await page.waitForSelector('.line:not(.head)');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  const name = await page.innerText(':focus');
  expect(name).toBe(await page.innerText('.line:not(.head) .l-name >> nth=0'));
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/hosts/${name}`);
  await page.waitForSelector('.row.process');
  const target = await page.getAttribute('.row.process', 'data-target');
  await page.keyboard.press('j');
  await page.keyboard.press('r');
  await page.waitForSelector('.sheet-head:has-text("Restart")');
  expect(await page.innerText('.sheet-head')).toContain(target);
});

test('menus are walked by arrows, and Escape gives the focus back to what opened them', async () => {
  const page = await web.open('/hosts');
  await page.focus('[data-do=me]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.menu');
  expect(await focused(page)).toBe('Settings');
  await page.keyboard.press('End');
  expect(await focused(page)).toBe('Sign out');
  await page.keyboard.press('Escape');
  expect(await focused(page)).toBe('AD');
});

test('going back finds a page scrolled as it was left', async () => {
  const page = await web.open('/settings/audit?limit=');
  await page.setViewportSize({ width: 1400, height: 260 });
  const scrollTop = (): Promise<number> => page.evaluate('document.getElementById("main").scrollTop');
  await page.evaluate('document.getElementById("main").scrollTop = 40');
  const left = await scrollTop();
  expect(left).toBeGreaterThan(0);
  await page.click('.nav [data-key=hosts]');
  await page.waitForURL('**/hosts');
  await page.goBack();
  await until('scrolled back', async () => (await scrollTop()) === left);
});

test('who is given more sees more at once, without loading the page again', async () => {
  const ned = await somebody(hub, 'ned', { role: 'viewer', scope: 'env=stage/*' });
  const page = await web.open('/settings/you', { as: ned });
  expect(await page.locator('#side .side-row').count()).toBe(1);
  await hub.ask('PATCH', `/users/${ned.id}`, { grants: [{ role: 'admin', scope: '*' }] });
  await until(
    'the parts for administrators',
    async () => (await page.locator('#side .side-row').count()) === 5,
  );
});

test('a supervisor found on the hub’s machine is offered, a host joins by the line, is edited, removed and put back', async () => {
  const found = await startSupervisor(lifetime, 'supervisord', { config: '' });
  const page = await web.open('/hosts');
  await page.route('**/api/v1/hosts/found', (route) =>
    route.fulfill({
      json: [
        {
          url: `unix://${found.socketPath}`,
          suggestedName: 'here-1',
          from: 'test',
          version: '4.2.5',
          says: '',
        },
      ],
    }),
  );
  await page.click('[data-do=add-host]');
  await page.click('[data-do=take-found]');
  await page.click('[data-do=test-address]');
  await page.waitForSelector('.steps-list');
  await page.click('#join-host button');
  expect(await page.innerText('.command code')).toMatch(
    new RegExp(`^curl -fsSL ${web.address}/install \\| sudo sh -s -- --token fvj_[\\w-]+$`),
  );
  await page.check('[data-takeover]');
  expect(await page.innerText('.command code')).toMatch(/ --takeover$/);
  await page.click('#add-host [type=submit]');
  await page.waitForURL('**/hosts/here-1');
  const menu = async (item: string): Promise<void> => {
    await page.click('.page-head [data-do=more-verbs]');
    await page.click(`.menu >> text=${item}`);
  };
  await menu('Edit…');
  await page.fill('#edit-host [name=name]', 'here-2');
  await page.click('[data-do=submit-form]');
  await page.waitForURL('**/hosts/here-2');
  await menu('Maintenance…');
  await page.click('[data-do=submit-form]');
  await page.waitForSelector('text=In maintenance, by admin.');
  await menu('Disable');
  await until('disabled', async () => {
    const { body } = await hub.ask('GET', '/hosts');
    return body.find((host: { name: string }) => host.name === 'here-2').disabled;
  });
  await menu('Remove…');
  await page.click('[data-do=remove-now]');
  await page.waitForURL('**/hosts');
  await page.click('#says button');
  await page.waitForURL('**/hosts/here-2');
});

test('a list of another program is looked at first, and added only then', async () => {
  const page = await web.open('/hosts');
  await page.click('[data-do=import-hosts]');
  const list = Buffer.from('http://127.0.0.1:9/RPC2\nhttp://127.0.0.2:9/RPC2\nnot an address\n');
  await page.setInputFiles('[name=file]', { name: 'hosts.txt', mimeType: 'text/plain', buffer: list });
  const hosts = async (): Promise<number> => (await hub.ask('GET', '/hosts')).body.length;
  const before = await hosts();
  await page.click('[data-do=import-run][data-dry=yes]');
  await page.click('button:has-text("Add 2 hosts")');
  await until('both added', async () => (await hosts()) === before + 2);
  expect(await page.locator('.sheet-list .i-refused').count()).toBe(1);
});

test('axe finds nothing in the tray, the menus, the palette and the sheet of keys', async () => {
  const found: string[] = [];
  for (const width of ['wide', 'phone'] as const)
    for (const theme of ['light', 'dark'] as const) {
      const page = await web.open('/', { width, theme });
      const look = async (what: string): Promise<void> => {
        found.push(...(await axeFinds(page)).map((one) => `${what} ${width} ${theme}: ${one}`));
        await page.keyboard.press('Escape');
      };
      for (const does of width === 'wide' ? ['tray', 'me', 'find'] : ['more', 'find']) {
        await page.locator(`[data-do=${does}]:visible`).first().click();
        await page.waitForSelector('.menu, .palette');
        await look(does);
        await page.waitForSelector('.menu, .palette', { state: 'detached' });
      }
      await page.keyboard.press('?');
      await page.waitForSelector('.keys');
      await look('keys');
      await page.close();
    }
  expect(found).toEqual([]);
});
