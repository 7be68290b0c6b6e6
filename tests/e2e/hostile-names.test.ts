import { test } from 'vitest';
import { complaintsOf, launchBrowser, openContext } from '../support/browser.ts';
import { startTestHub } from '../support/hub.ts';
import { startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const NAME = '<script>pwned(1)';
const IMG = '<img src=x onerror=pwned(6)>';
/** Elements that only a name or a line could have brought along. */
const STRANGE = 'main img, [onmouseover], [onload], a[href^="javascript"], script:not([src])';
const SCRIPT = '<script>pwned(2)</script>';
/** What a compromised program may be called and may write. */
const CONFIG = `[program:${NAME}]
command=/bin/sh -c 'echo "${SCRIPT}"; printf "%%b" "\\\\033]8;;javascript:pwned(3)\\\\033\\\\\\\\click\\\\033]8;;\\\\033\\\\\\\\ {{constructor}} <svg onload=pwned(4)>\\\\n"; sleep 1000'
process_name="><script>pwned(5)
startsecs=0
stdout_logfile={dir}/x.log
[program:doomed]
command=/nonexistent/${IMG}
startretries=0
`;

test('abuse 6: names, errors and log lines that hold script are text on every page of the console', async (t) => {
  const hub = await startTestHub(t);
  const supervisor = await startSupervisor(t, 'agent', { config: CONFIG });
  await hub.ask('POST', '/hosts', {
    name: 'h-1',
    url: `unix://${supervisor.socketPath}`,
    environment: 'prod',
    notes: `${IMG}${SCRIPT}`,
  });
  const processes = await until('its processes', async () => {
    const { body } = await hub.ask('GET', '/processes');
    return body.length === 2 ? body : undefined;
  });
  const hostile = processes.find(({ group }: { group: string }) => group.includes('script'));
  const target = `h-1/"${hostile.group}":*`;
  await hub.ask('POST', '/actions', { verb: 'restart', selector: 'h-1/*' });
  await hub.ask('POST', '/me/tokens', { label: IMG, password: hub.password });
  await hub.ask('POST', '/views', { name: SCRIPT, page: 'processes', query: 'text=x', shared: true });
  await hub.raw('GET', '/', { cookie: hub.session.cookie, 'user-agent': IMG });
  const host = (await hub.ask('GET', '/hosts/h-1')).body;
  const { body: actions } = await hub.ask('GET', '/actions');

  const browser = await launchBrowser();
  t.onTestFinished(() => browser.close());
  const context = await openContext(browser, 'wide', 'light');
  const [name = '', value = ''] = hub.session.cookie.split('=');
  await context.addCookies([{ name, value, url: hub.hub.address }]);
  const page = await context.newPage();
  const pwned: unknown[] = [];
  await page.exposeFunction('pwned', (by: unknown) => void pwned.push(by));
  page.on('dialog', (dialog) => {
    pwned.push(dialog.message());
    void dialog.dismiss();
  });
  const complaints = complaintsOf(page);
  const part = encodeURIComponent;
  for (const path of [
    '/',
    '/processes?by=host&fold=0',
    `/processes/h-1/${part(`${hostile.group}:${hostile.name}`)}`,
    '/groups',
    `/groups/${part(hostile.group)}`,
    '/hosts/h-1',
    `/logs?target=${part(target)}`,
    '/actions',
    `/actions/${actions[0].id}`,
    `/processes?text=${part(SCRIPT)}`,
    `/hosts/${part(SCRIPT)}`,
    '/hosts',
    '/hosts/h-1?tab=config',
    '/hosts/h-1?tab=log',
    `/plan?do=${part(`stop h-1/${SCRIPT}`)}`,
    '/settings/you',
    '/settings/people',
    `/settings/audit?text=${part(IMG)}`,
    '/settings/hub',
    `/forms/edit-host?of=${host.id}`,
    `/forms/add-host?name=${part(IMG)}&url=${part(SCRIPT)}`,
    `/forms/more-verbs?of=${part(`- - ${IMG}`)}`,
    `/forms/save-view?of=${part(`processes?text=${SCRIPT}`)}`,
  ]) {
    await page.goto(`${hub.hub.address}${path}`);
    await page.waitForSelector('main :not(:empty)', { state: 'attached' });
    if (path.startsWith('/logs')) await page.waitForSelector('text=pwned(2)');
    const strange = await page.evaluate<number>(
      `document.querySelectorAll(${JSON.stringify(STRANGE)}).length`,
    );
    t.expect([path, strange, pwned]).toEqual([path, 0, []]);
  }
  t.expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  t.expect(hub.bugs).toEqual([]);
});
