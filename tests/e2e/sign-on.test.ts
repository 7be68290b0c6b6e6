import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { startTestHub } from '../support/hub.ts';
import { CLIENT, startProvider } from '../support/oidc.ts';
import { freePort, tempDir } from '../support/supervisors.ts';

test('in a real browser, single sign-on goes to a provider on another site and comes back signed in, where it left', async (t) => {
  const dir = tempDir(t);
  writeFileSync(join(dir, 'roles'), 'web-team -> viewer\n');
  writeFileSync(join(dir, 'secret'), CLIENT.secret);
  const port = await freePort();
  const hub = await startTestHub(t, {
    args: [
      ...[
        '--oidc-issuer',
        `http://localhost:${port}`,
        '--oidc-client-id',
        CLIENT.id,
        '--oidc-label',
        'Example login',
      ],
      ...['--oidc-client-secret-file', join(dir, 'secret'), '--group-roles', join(dir, 'roles')],
    ],
  });
  // The hub is at 127.0.0.1, the provider at localhost: to a browser these are two sites.
  const provider = await startProvider(t, () => [`${hub.hub.address}/sign-in/oidc/callback`], port);
  const browser = await launchBrowser();
  t.onTestFinished(() => browser.close());
  const context = await openContext(browser, 'wide', 'light');
  const page = await context.newPage();
  await page.goto(`${hub.hub.address}/hosts`);
  const complaints = complaintsOf(page);
  await page.click('text=Example login');
  await page.waitForURL(/localhost.*interaction/);
  await page.click('text=Sign in');
  await page.waitForURL(`${hub.hub.address}/hosts`);
  const who = await page.evaluate(async () => (await fetch('/api/v1/session')).json());
  t.expect(who).toMatchObject({ user: 'mei', role: 'viewer' });
  const cookies = await context.cookies(hub.hub.address);
  const session = cookies.find(({ name }) => name === 'fleetvisor');
  t.expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  t.expect(cookies.some(({ name }) => name.endsWith('errand'))).toBe(false);
  await page.goto(`${hub.hub.address}/settings/you`);
  await page.waitForSelector('text=You sign in by single sign-on');
  t.expect(await page.locator('[data-do="change-password"], [data-do="set-factor"]').count()).toBe(0);
  await page.click('[data-do="new-token"]');
  await page.fill('[name=label]', 'laptop');
  t.expect(await page.locator('#sheet-form [name=password]').count()).toBe(0);
  await page.press('[name=label]', 'Enter');
  await page.waitForSelector('text=/fvt_[A-Za-z0-9_-]{43}/');
  t.expect(complaints).toEqual([]);

  provider.who = { sub: 's-9', claims: { preferred_username: 'zoe', groups: ['<script>alert(1)</script>'] } };
  const other = await (await openContext(browser, 'wide', 'dark')).newPage();
  let alerted = false;
  other.on('dialog', () => {
    alerted = true;
  });
  await other.goto(`${hub.hub.address}/sign-in`);
  await other.click('text=Example login');
  await other.click('text=Sign in');
  await other.waitForSelector('.notice.m-fatal >> text=none of your groups');
  t.expect(await other.textContent('.notice.m-fatal code')).toBe('<script>alert(1)</script>');
  t.expect(alerted).toBe(false);
});
