import { expect, test } from 'vitest';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { freePort, startSupervisor } from '../support/supervisors.ts';

test("the host's own page acts, keeps up without a reload and follows a log, also on a phone", async (t) => {
  const port = await freePort();
  const agent = await startSupervisor(t, 'agent', {
    config: `[inet_http_server]\nport=127.0.0.1:${port}\n[program:cat]\ncommand=sed -u "s/.*/\\x1b[31m&\\x1b[0m/"\nstartsecs=0\n
[program:a<b>%]\ncommand=sleep 1000\nautostart=false\nstartsecs=0\n[program:broken]\ncommand={dir}/nothing\nstartretries=0\n`,
  });
  const browser = await launchBrowser();
  t.onTestFinished(() => browser.close());
  for (const width of ['wide', 'phone'] as const) {
    const page = await (await openContext(browser, width, 'dark')).newPage();
    const complaints = complaintsOf(page);
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.evaluate('window.stillHere = true');
    const row = page.locator('tr[data-name="a<b>%"]');
    await row.locator('text="Start"').click();
    await row.locator('.state', { hasText: 'running' }).waitFor();
    await page.locator('.message', { hasText: 'Process a<b>% started' }).waitFor();
    await page.locator('.summary', { hasText: '1 fatal · 2 running' }).waitFor();
    await row.locator('text="Stop"').click();
    await row.locator('.state', { hasText: 'stopped' }).waitFor();

    await page.locator('tr[data-name="cat"] >> text="Tail -f Stdout"').click();
    await agent.rpc('sendProcessStdin', 'cat', `<i>${width}</i>\n`);
    await page.locator('.drawer pre', { hasText: new RegExp(`^<i>${width}</i>$`, 'm') }).waitFor();
    await agent.rpc('stopProcess', 'cat');
    await page.locator('tr[data-name="cat"] .state', { hasText: 'stopped' }).waitFor();
    await agent.rpc('startProcess', 'cat');

    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await page.evaluate('window.stillHere')).toBe(true);
    expect(complaints).toEqual([]);
    if (process.env.PICTURES)
      await page.screenshot({ path: `${process.env.PICTURES}/host-page-${width}.png` });
  }
});
