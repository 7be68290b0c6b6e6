import type { Browser, Page } from 'playwright-core';
import { test } from 'vitest';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { addUser } from '../support/people.ts';
import { twoEnvironments } from '../support/two-environments.ts';

interface SignedIn {
  readonly page: Page;
  readonly complaints: readonly string[];
}

async function signedIn(browser: Browser, hub: string, user: string, password: string): Promise<SignedIn> {
  const page = await (await openContext(browser, 'wide', user === 'ann' ? 'light' : 'dark')).newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${hub}/sign-in?next=/groups/web`);
  await page.fill('#user', user);
  await page.fill('#password', password);
  await page.click('button[type=submit]');
  await page.waitForURL(`${hub}/groups/web`);
  return { page, complaints };
}

test('in the console one person asks, and another approves or declines, each seeing at once what became of it', async (t) => {
  const hub = await twoEnvironments(t);
  const address = hub.hub.address;
  await hub.ask('PATCH', '/settings', {
    protectedEnvironments: [{ environment: 'prod', asks: 'second-person' }],
  });
  const people = await Promise.all(
    ['ann', 'bob'].map(async (name) => ({
      name,
      ...(await addUser(hub, name, { role: 'operator', scope: '*' })),
    })),
  );
  const browser = await launchBrowser();
  t.onTestFinished(() => browser.close());
  const [ann, bob] = await Promise.all(
    people.map(({ name, password }) => signedIn(browser, address, name, password)),
  );
  if (ann === undefined || bob === undefined) throw new Error('two people');

  const ask = async (): Promise<string> => {
    await ann.page.goto(`${address}/groups/web`);
    await ann.page.click('[data-do="plan"][data-verb="restart"]');
    await ann.page.waitForSelector('.sheet-foot .notice >> text=a second person approves');
    await ann.page.click('.sheet-buttons >> text=Ask a second person');
    await ann.page.waitForSelector('.approval.waits');
    t.expect(await ann.page.locator('[data-do="approve-action"]').count()).toBe(0);
    return new URL(ann.page.url()).pathname;
  };

  const first = await ask();
  await bob.page.click('.pill');
  await bob.page.click('.tray-job >> text=waits for a second person');
  await bob.page.waitForSelector('.approval >> text=ann wants to do this to 2 targets');
  t.expect(new URL(bob.page.url()).pathname).toBe(first);
  await bob.page.click('[data-do="approve-action"]');
  for (const { page } of [ann, bob]) await page.waitForSelector('.approval >> text=Approved by bob.');
  await ann.page.waitForSelector('.outcome.k-done >> text=RUNNING');

  const second = await ask();
  await bob.page.goto(`${address}${second}`);
  await bob.page.fill('.approval input', '<i>not before six</i>');
  await bob.page.click('[data-do="decline-action"]');
  await ann.page.waitForSelector('.approval >> text=Declined by bob. “<i>not before six</i>”');

  await bob.page.goto(`${address}/logs?target=web:*`);
  await bob.page.waitForSelector('.log-status.on', { state: 'attached' });
  const bobs = people.find(({ name }) => name === 'bob')?.id;
  await hub.ask('PATCH', `/users/${bobs}`, { grants: [{ role: 'viewer', scope: 'env=stage/web:*' }] });
  await bob.page.waitForSelector('.log-line.note >> text=Your rights have changed.');
  await bob.page.waitForSelector('.log-status.on', { state: 'attached' });
  await hub.ask('PATCH', `/users/${bobs}`, {
    grants: [{ role: 'viewer', scope: '*', rights: ['see-fleet'] }],
  });
  await bob.page.waitForSelector('.log-problem >> text=you may not read logs');
  t.expect([...ann.complaints, ...bob.complaints]).toEqual([]);
});
