import { test } from 'vitest';
import { request } from '../support/raw-http.ts';
import { sharedSupervisor } from '../support/shared-supervisor.ts';
import { eachSupervisor, startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const CONFIG = `
[program:up]
command=sleep 1000
startsecs=0
[program:off]
command=sleep 1000
startsecs=0
autostart=false
[program:again]
command=sleep 1000
startsecs=0
[program:down]
command=sleep 1000
startsecs=0
[program:missing]
command={dir}/nothing
autostart=false
[program:folder]
command={dir}
autostart=false
[program:quick]
command=false
autostart=false
startretries=0
[program:old]
command=cat
autostart=false
stdout_logfile={dir}/old.out
[program:new]
command=cat
autostart=false
stdout_logfile={dir}/new.out
`;

eachSupervisor((kind) => {
  const at = sharedSupervisor(kind, { config: CONFIG, files: { 'old.out': `${'<b>'.repeat(1000)}END` } });
  const get = (path: string) => request(at().socketPath, 'GET', path);
  const act = (query: string) => request(at().socketPath, 'GET', `/index.html?${query}`);
  const messageOf = async (query: string) =>
    decodeURIComponent(/message=(.*)$/.exec((await act(query)).headers.location ?? '')?.[1] ?? '');

  test('RPC-154 RPC-155 the pages are there, by GET and by POST, and never cached', async (t) => {
    for (const path of ['/', '/index.html', '/tail.html?processname=up']) {
      const page = await get(path);
      t.expect([path, page.status]).toEqual([path, 200]);
      t.expect(page.headers).toMatchObject({
        'content-type': 'text/html;charset=utf-8',
        pragma: 'no-cache',
        'cache-control': 'no-cache',
        expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
      });
    }
    t.expect((await request(at().socketPath, 'POST', '/', { body: 'x=1' })).status).toBe(200);
    const ok = await get('/ok.html');
    t.expect([ok.status, ok.body, ok.headers['content-type']]).toEqual([200, 'OK', 'text/plain']);
  });

  test('RPC-156 RPC-157 RPC-158 actions end in a redirect that carries the message', async (t) => {
    await at().state('up', 'RUNNING');
    const refreshed = await act('action=refresh');
    t.expect(refreshed.status).toBe(301);
    t.expect(refreshed.headers.location).toMatch(
      /^http:\/\/test\.invalid\/\?message=Page%20refreshed%20at%20\w{3}%20\w{3}%20/,
    );
    t.expect(await messageOf('processname=off&action=start')).toBe('Process off started');
    t.expect(await messageOf('processname=down:down&action=stop')).toBe('Process down:down stopped');
    t.expect(await messageOf('processname=again&action=restart')).toBe('Process again restarted');
    t.expect(await messageOf('processname=up&action=clearlog')).toBe('Log for up cleared');
    t.expect(await messageOf('processname=nosuch&action=start')).toBe('No such process named nosuch');
    t.expect(await messageOf('processname=up:*&action=stop'), 'RPC-162').toBe('No such process named up:*');
    t.expect((await at().rpc('getProcessInfo', 'off')).statename).toBe('RUNNING');
    t.expect((await at().rpc('getProcessInfo', 'down')).statename).toBe('STOPPED');
  });

  test('RPC-159 RPC-160 what went wrong is said', async (t) => {
    t.expect(await messageOf('processname=missing&action=start')).toBe(
      'ERROR: Process missing: no such file',
    );
    t.expect(await messageOf('processname=folder&action=start')).toBe(
      'ERROR: Process folder: file not executable',
    );
    t.expect(await messageOf('processname=quick&action=start')).toBe('ERROR: Process quick: spawn error');
    t.expect(await messageOf('processname=up&action=start')).toBe('ERROR: Process up: already started');
    t.expect(await messageOf('processname=missing&action=stop')).toBe(
      'unexpected rpc fault [70] NOT_RUNNING: missing',
    );
    t.expect(await messageOf('processname=missing&action=restart')).toBe('Process missing restarted');
  });

  test('RPC-161 an unknown action does nothing', async (t) => {
    const { status } = await act('processname=up&action=explode');
    t.expect(status).toBe(kind === 'agent' ? 400 : 500);
  });

  test('RPC-163 RPC-164 rows offer what their state allows', async (t) => {
    await at().state('up', 'RUNNING');
    const { body } = await get('/');
    const offered = (name: string) =>
      [...body.matchAll(/href="([^"]*)"/g)]
        .map((match) => match[1] ?? '')
        .filter((href) => href.includes(`processname=${name}&amp;`) || href.startsWith(`logtail/${name}`));
    const action = (name: string, verb: string) => `index.html?processname=${name}&amp;action=${verb}`;
    const logs = (name: string) => [action(name, 'clearlog'), `logtail/${name}`, `logtail/${name}/stderr`];
    t.expect(offered('up')).toEqual([action('up', 'restart'), action('up', 'stop'), ...logs('up')]);
    t.expect(offered('old')).toEqual([action('old', 'start'), ...logs('old')]);
    t.expect(body).toContain('>running<');
    t.expect(body.indexOf('>again<')).toBeLessThan(body.indexOf('>up<'));
  });

  test('RPC-164 a host without programs says so', async (t) => {
    const own = await startSupervisor(t, kind, { config: '' });
    t.expect((await request(own.socketPath, 'GET', '/')).body).toContain('No programs to manage');
  });

  test('RPC-158 stop all and restart all', async (t) => {
    const own = await startSupervisor(t, kind, { config: '[program:a]\ncommand=sleep 99\nstartsecs=0\n' });
    await own.state('a', 'RUNNING');
    const all = async (action: string) =>
      (await request(own.socketPath, 'GET', `/?action=${action}`)).headers.location;
    t.expect(await all('restartall')).toContain('/?message=All%20restarted%20at%20');
    await own.state('a', 'RUNNING');
    t.expect(await all('stopall')).toContain('/?message=All%20stopped%20at%20');
    t.expect((await own.rpc('getProcessInfo', 'a')).statename).toBe('STOPPED');
  });

  test('RPC-165 a tail page shows at least 1024 bytes, as text', async (t) => {
    const shown = async (query: string) =>
      /<pre>\n?([\s\S]*)<\/pre>/.exec((await get(`/tail.html?${query}`)).body)?.[1] ?? '';
    const plain = (html: string) => html.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
    t.expect(plain(await shown('processname=old&limit=5'))).toHaveLength(1024);
    t.expect(plain(await shown('processname=old&limit=2000'))).toHaveLength(2000);
    t.expect(await shown('processname=old')).not.toContain('<b>');
    t.expect(await shown('processname=new')).toBe('No file for new');
    t.expect(await shown('processname=nosuch')).toBe('ERROR: unexpected rpc fault [10] BAD_NAME: nosuch');
    t.expect(await shown('x=1')).toBe('No process name found');
  });

  test('RPC-166 files are served by their whole path only (abuse 14)', async (t) => {
    t.expect((await get('/stylesheets/supervisor.css')).headers['content-type']).toBe('text/css');
    const nowhere = [
      '/nosuch',
      '/stylesheets/nosuch.css',
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/ui/status.html',
    ];
    for (const path of nowhere) t.expect([path, (await get(path)).status]).toEqual([path, 404]);
    t.expect((await request(at().socketPath, 'PUT', '/nosuch', { body: 'x' })).status).toBe(400);
  });

  if (kind === 'agent') {
    test('RPC-170 a page of another site cannot act, ours and scripts can', async (t) => {
      const own = await startSupervisor(t, kind, {
        config: '[program:a]\ncommand=sleep 99\nstartsecs=0\nautostart=false\n',
      });
      const from = (headers: Record<string, string>, token = '') =>
        request(own.socketPath, 'POST', '/index.html', {
          headers,
          body: `processname=a&action=start${token}`,
        });
      const browser = { 'User-Agent': 'Mozilla/5.0' };
      const foreign: Record<string, string>[] = [
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { Origin: 'http://evil.invalid' },
        { Origin: 'null' },
        { Referer: 'http://evil.invalid/x' },
        {},
      ];
      for (const headers of foreign)
        t.expect([headers, (await from({ ...browser, ...headers })).status]).toEqual([headers, 403]);
      const link = await request(own.socketPath, 'GET', '/?action=stopall', {
        headers: { ...browser, 'Sec-Fetch-Site': 'cross-site' },
      });
      t.expect(link.status).toBe(403);
      t.expect((await own.rpc('getProcessInfo', 'a')).statename).toBe('STOPPED');
      const token = /name="token" content="([^"]+)"/.exec(
        (await request(own.socketPath, 'GET', '/')).body,
      )?.[1];
      t.expect((await from({ ...browser, Origin: 'http://proxy.invalid' }, `&token=${token}`)).status).toBe(
        301,
      );
      t.expect((await from({ ...browser, Origin: 'http://proxy.invalid' }, '&token=guess')).status).toBe(403);
      t.expect((await from({ ...browser, Origin: 'http://test.invalid' })).status).toBe(301);
      t.expect((await from({ 'User-Agent': 'curl/8' })).status).toBe(301);
      const rpc = await request(own.socketPath, 'POST', '/RPC2', {
        body: '<x>',
        headers: { Origin: 'http://evil.invalid' },
      });
      t.expect(rpc.status).toBe(403);
      await until('still there', () => own.rpc('getState'));
    });
  }
});
