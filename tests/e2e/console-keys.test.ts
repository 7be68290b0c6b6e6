import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintsOf, openContext } from '../support/browser.ts';
import { consoleOn, type HubConsole } from '../support/console-on-hub.ts';
import type { TestHub } from '../support/hub.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { twoEnvironments } from '../support/two-environments.ts';
import { until } from '../support/until.ts';

/** The console without a pointer. */
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

interface Focused {
  /** What tells it from others: what it does, where it leads, or its id. */
  readonly is: string;
  readonly isSeen: boolean;
  readonly isInSheet: boolean;
}
/** Where the focus is, and whether one sees that: an outline or a ring around something that is on the screen. */
const FOCUSED = `(() => {
  const one = document.activeElement;
  if (one === null || one === document.body) return { is: 'body', isSeen: true, isInSheet: false };
  const { does, verb, key } = { does: one.dataset.do, verb: one.dataset.verb, key: one.dataset.key };
  const ringed = [one, one.parentElement, one.querySelector('i, svg')].some((element) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  });
  const { width, height, right, bottom, left, top } = one.getBoundingClientRect();
  const isOnScreen = width > 0 && height > 0 && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  return {
    is: [one.id && '#' + one.id, does, verb, key && 'key ' + key, one.dataset.log, one.getAttribute('href')].filter(Boolean).join(' ') || one.tagName,
    isSeen: ringed && isOnScreen,
    isInSheet: one.closest('dialog') !== null,
  };
})()`;
const focused = (page: Page): Promise<Focused> => page.evaluate<Focused>(FOCUSED);

/** All that Tab comes to, once around. */
async function walk(page: Page, most = 120): Promise<Focused[]> {
  const come: Focused[] = [];
  for (let n = 0; n < most; n++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (come.length > 2 && now.is === come[0]?.is) break;
    come.push(now);
  }
  return come;
}
const stateOf = async (target: string): Promise<string> => {
  const { body } = await hub.ask('GET', `/processes?selector=${target}:*`);
  return body[0].state;
};

/** The row that whoever hears the page is told of. */
const HEARD = `(() => {
  const row = document.getElementById(document.activeElement.getAttribute('aria-activedescendant') ?? '');
  return { row: row?.getAttribute('aria-rowindex') ?? null, isCurrent: row?.classList.contains('current') ?? false };
})()`;
const heard = (page: Page): Promise<{ row: string | null; isCurrent: boolean }> => page.evaluate(HEARD);

test('Tab comes to every control of the processes page, each of them seen to have the focus', async () => {
  const page = await web.open('/processes?by=none&fold=0');
  const complaints = complaintsOf(page);
  const come = await walk(page);
  const names = come.map(({ is }) => is);
  for (const wanted of [
    'key overview',
    'find',
    'tray',
    'sound',
    'theme',
    'me',
    '#filter',
    'views',
    'columns',
    'copy-link',
    '#tick-all',
    '#processes',
    'sort=-cpu',
    'state=running',
    'by=host',
    'save-view',
  ])
    expect(
      names.some((name) => name.includes(wanted)),
      `${wanted} in ${names.join(' | ')}`,
    ).toBe(true);
  expect(come.filter(({ isSeen }) => !isSeen).map(({ is }) => is)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
});

test('in the table arrows, Enter, Space and the menu key do what a pointer does, also with letters switched off', async () => {
  const page = await web.open('/settings/you', { theme: 'dark' });
  await page.focus('[data-do=keys-switch]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-do=keys-switch][aria-checked=false]');
  await page.goto(`${web.address}/processes?by=none&fold=0&sort=name`);
  await page.waitForSelector('.live.on');
  await page.focus('#processes');
  await page.keyboard.press('x');
  expect(await page.locator('.bulk').count()).toBe(0);
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('.row.current');
  const first = await page.getAttribute('.row.current', 'data-target');
  await page.keyboard.press('Space');
  await page.waitForSelector('.bulk >> text=1 selected');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.waitForSelector('.bulk >> text=2 selected');
  expect(await heard(page)).toMatchObject({ row: '3', isCurrent: true });
  await page.keyboard.press('Escape');
  await page.waitForSelector('.bulk', { state: 'detached' });
  await page.keyboard.press('ArrowUp');
  await page.waitForSelector(`.row.current[data-target="${first}"]`);
  await page.keyboard.press('Shift+F10');
  await page.waitForSelector('.menu.row-menu');
  for (let n = 0; n < 12 && !(await focused(page)).is.startsWith('plan stop'); n++)
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.sheet [data-do=run]:not([disabled])');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.sheet', { state: 'detached' });
  await page.focus('#processes');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/processes\/.+/);
  await page.evaluate('localStorage.clear()');
  await page.close();
});

test('every action of the bar and the menus is done by keys, and the focus comes back to where it was', async () => {
  const page = await web.open('/processes?by=none&fold=0&sort=name');
  const press = (key: string): Promise<void> => page.keyboard.press(key);
  const tabTo = async (wanted: string): Promise<void> => {
    for (let n = 0; n < 120 && !(await focused(page)).is.includes(wanted); n++) await press('Tab');
    expect((await focused(page)).is).toContain(wanted);
  };
  await press('j');
  await page.waitForSelector('.row.current');
  expect(await focused(page)).toMatchObject({ is: expect.stringContaining('#processes') });
  expect(await heard(page)).toEqual({ row: '2', isCurrent: true });
  await press('j');
  await page.waitForSelector('[aria-rowindex="3"].current');
  expect(await heard(page)).toEqual({ row: '3', isCurrent: true });
  await press('k');
  await page.waitForSelector('[aria-rowindex="2"].current');
  await press('m');
  await page.waitForSelector('.menu.row-menu');
  await press('Escape');
  await page.waitForSelector('.menu', { state: 'detached' });

  await tabTo('#processes');
  await press('a');
  await page.waitForSelector('.bulk >> text=4 selected');
  for (const [verb, wanted] of [
    ['stop', 'STOPPED'],
    ['start', 'RUNNING'],
    ['restart', 'RUNNING'],
  ] as const) {
    if ((await page.locator('.bulk').count()) === 0) {
      await tabTo('#processes');
      await press('a');
      await page.waitForSelector('.bulk');
    }
    await tabTo(`bulk ${verb}`);
    await press('Enter');
    await page.waitForSelector('.sheet [data-do=run]:not([disabled])');
    const inSheet = await walk(page, 40);
    expect(inSheet.filter(({ is, isInSheet }) => !isInSheet && is !== 'body')).toEqual([]);
    expect(inSheet.filter(({ isSeen }) => !isSeen).map(({ is }) => is)).toEqual([]);
    await tabTo('run');
    await press('Enter');
    await page.waitForURL(/\/actions\//);
    await page.waitForSelector(`.targets-list .outcome.k-done >> text=${wanted}`);
    await until(wanted, async () => (await stateOf('stage-1/db')) === wanted);
    await press('g');
    await press('p');
    await page.waitForSelector('#rows');
    await page.goto(`${web.address}/processes?by=none&fold=0&sort=name`);
    await page.waitForSelector('.live.on');
  }
  await tabTo('columns');
  await press('Enter');
  await page.waitForSelector('.columns-menu');
  await press('Escape');
  expect((await focused(page)).is).toContain('columns');
  await tabTo('views');
  await press('Enter');
  await page.waitForSelector('.menu');
  await press('Escape');
  expect((await focused(page)).is).toContain('views');
  await page.close();
});

test('a sheet keeps the focus within, and gives it back to what opened it', async () => {
  const page = await web.open('/hosts');
  for (const does of ['add-host', 'import-hosts']) {
    await page.focus(`.page-head [data-do=${does}]`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.sheet');
    const come = await walk(page, 40);
    expect(come.filter(({ is, isInSheet }) => !isInSheet && is !== 'body')).toEqual([]);
    expect(come.filter(({ isSeen }) => !isSeen).map(({ is }) => is)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.sheet', { state: 'detached' });
    expect((await focused(page)).is).toContain(does);
  }
  await page.keyboard.press('Control+k');
  await page.waitForSelector('#palette-input');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.palette', { state: 'detached' });
  expect((await focused(page)).is).toContain('import-hosts');
  await page.close();
});

test('with reduced motion nothing on a page, in a sheet, a menu or the drawer moves', async () => {
  const context = await openContext(web.browser, 'wide', 'light');
  await context.addCookies(await (await web.open('/')).context().cookies());
  const page = await context.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const moving = (): Promise<string[]> =>
    page.evaluate<string[]>(`document.getAnimations().filter((one) => {
      const { duration, endTime } = one.effect.getComputedTiming();
      return (duration > 20 || endTime === Infinity) && one.animationName !== 'unscripted';
    }).map((one) => one.animationName ?? one.transitionProperty)`);
  await page.goto(`${web.address}/processes?by=none&fold=0`);
  await page.waitForSelector('.live.on');
  await page.hover('.row.process');
  expect(await moving()).toEqual([]);
  await page.keyboard.press('j');
  await page.keyboard.press('t');
  await page.waitForSelector('#drawer .log-head');
  expect(await moving()).toEqual([]);
  await page.click('.columns-button');
  await page.waitForSelector('.columns-menu');
  expect(await moving()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.goto(`${web.address}/groups/web`);
  await page.waitForSelector('.live.on');
  await page.click('.page-head [data-verb=restart]');
  await page.waitForSelector('.sheet [data-do=run]:not([disabled])');
  expect(await moving()).toEqual([]);
  await context.close();
});
