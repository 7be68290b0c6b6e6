import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds } from '../support/axe.ts';
import { complaintsOf } from '../support/browser.ts';
import { consoleOn, type HubConsole } from '../support/console-on-hub.ts';
import { type Somebody, somebody } from '../support/people.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { twoEnvironments } from '../support/two-environments.ts';
import { until } from '../support/until.ts';

let web: HubConsole;
let mei: Somebody;
const lifetime = sharedLifetime();

beforeAll(async () => {
  const hub = await twoEnvironments(lifetime);
  mei = await somebody(hub, 'mei', { role: 'viewer', scope: '*' });
  web = await consoleOn(hub);
});

afterAll(async () => {
  await web.close();
});

const VIEW = '/processes?env=prod&by=host';

async function save(page: Page, name: string, ticks: readonly string[]): Promise<void> {
  await page.keyboard.press('v');
  await page.click('.menu >> text=Save this view');
  await page.fill('[name=name]', name);
  for (const tick of ticks) await page.check(`[name=${tick}]`);
  await page.click('[data-do=submit-sheet]');
  await page.waitForSelector(`#side [title^="${name}"]`);
}

test('a view is saved under a name, shared, and opens first for who asked for that alone', async () => {
  const page = await web.open(VIEW);
  const complaints = complaintsOf(page);
  await save(page, 'prod by host', ['shared', 'first']);
  expect(await page.innerText('.views-button')).toContain('prod by host');
  await page.click('.nav [data-key=overview]');
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.waitForURL(`**${VIEW}`);

  const other = await web.open('/processes', { as: mei });
  expect(await other.getAttribute('.nav [data-key=processes]', 'href')).toBe('/processes');
  await other.click('#side [title="prod by host · shared by admin"]');
  await other.waitForURL(`**${VIEW}`);
  await other.click('.views-button');
  expect(await other.locator('.menu >> text=Remove this view').count()).toBe(0);
  await other.keyboard.press('ArrowUp');
  expect(await other.evaluate<string>('document.activeElement.textContent')).toContain('Open it first');
  await other.keyboard.press('Enter');
  await until('it to open first', async () =>
    ((await other.getAttribute('.nav [data-key=processes]', 'href')) ?? '').endsWith(VIEW),
  );

  await page.click('.views-button');
  await page.click('.menu >> text=Remove this view');
  await page.waitForSelector('#says >> text=The view prod by host is removed.');
  await until('gone', async () => (await page.locator('#side [title^="prod by host"]').count()) === 0);
  await page.click('#says button');
  await page.waitForSelector('#side [title^="prod by host"]');
  expect(complaints).toEqual([]);
});

test('a selection of logs is a view of its own, and names are told apart', async () => {
  const page = await web.open('/logs?target=stage-1%2Fweb%3Aweb');
  await page.click('.side-plus');
  await page.fill('[name=name]', 'stage web');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#side [title^="stage web"]');
  await page.click('.side-plus');
  await page.fill('[name=name]', 'stage web');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.sheet .notice >> text=you have a view named stage web');
  await page.keyboard.press('Escape');
  await page.goto(`${web.address}/processes`);
  expect(await page.locator('#side [title^="stage web"]').count()).toBe(0);
});

test('axe finds nothing in the menu and the sheet of views', async () => {
  for (const theme of ['light', 'dark'] as const)
    for (const width of ['wide', 'phone'] as const) {
      const page = await web.open(VIEW, { theme, width });
      await page.click('.views-button');
      expect(await axeFinds(page), `menu ${theme} ${width}`).toEqual([]);
      await page.click('.menu >> text=Save this view');
      expect(await axeFinds(page), `sheet ${theme} ${width}`).toEqual([]);
      await page.close();
    }
});
