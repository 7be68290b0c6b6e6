import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { callXml, request } from '../support/raw-http.ts';
import { faultOf, sharedSupervisor } from '../support/shared-supervisor.ts';
import { DAEMON, eachSupervisor, run, startSupervisor, writeSetup } from '../support/supervisors.ts';

const program = (name: string, more: string) => `[program:${name}]\ncommand=sleep 1000\nstartsecs=0\n${more}`;
const CONFIG = `
${program('big', 'stdout_logfile={dir}/big.out\nstdout_logfile_maxbytes=0\n')}
${program('folder', 'stdout_logfile={dir}\nstartretries=0\n')}
${program('small', 'stdout_logfile={dir}/small.out\n')}
[fcgi-program:fcgi]
command=sleep 1000
socket=unix://{dir}/fcgi.sock
startsecs=0
`;
const NO_CHOWN = ['/usr/bin/setpriv', '--bounding-set=-chown', '--inh-caps=-chown'];

eachSupervisor((kind) => {
  const at = sharedSupervisor(kind, { config: CONFIG, files: { 'small.out': 'all of it' } });
  const rpc = (method: string, ...params: unknown[]) => at().rpc(method, ...params);
  const isOurs = kind === 'agent';

  test('RPC-017 RPC-038 a call that fails inside is 500 with a CRIT line; ours knows the case, and both serve on', async (t) => {
    const body = callXml('supervisor.startProcess', '<int>7</int>');
    const answer = await request(at().socketPath, 'POST', '/RPC2', { body });
    t.expect(answer.status).toBe(isOurs ? 200 : 500);
    t.expect(/ CRIT Handling XML-RPC request.*\n.*File /.test(at().log())).toBe(!isOurs);
    t.expect((await rpc('getState')).statename).toBe('RUNNING');
  });

  test('RPC-047 what fails inside a multicall stays in its entry', async (t) => {
    const [failed, next] = await rpc('system.multicall', [
      { methodName: 'supervisor.startProcess', params: [7] },
      { methodName: 'supervisor.getIdentification' },
    ]);
    const inside = {
      faultCode: 30,
      faultString: "FAILED: <class 'AttributeError'>:'int' object has no attribute 'split'",
    };
    t.expect(failed).toEqual(isOurs ? { faultCode: 2, faultString: 'INCORRECT_PARAMETERS' } : inside);
    t.expect(next).toBe('supervisor');
  });

  test('RPC-018 an offset beyond 32 bits is 500 of supervisord and a number of ours', async (t) => {
    await at().state('big', 'RUNNING');
    truncateSync(join(at().dir, 'big.out'), 3 * 2 ** 30);
    const name = '<string>big</string>';
    const body = callXml('supervisor.tailProcessStdoutLog', name, '<int>0</int>', '<int>0</int>');
    const answer = await request(at().socketPath, 'POST', '/RPC2', { body });
    t.expect([answer.status, answer.body.includes('<int>3221225472</int>')]).toEqual([
      isOurs ? 200 : 500,
      isOurs,
    ]);
  });

  test('RPC-089 a fcgi process has no stdin', async (t) => {
    await at().state('fcgi', 'RUNNING');
    t.expect(await faultOf(rpc('sendProcessStdin', 'fcgi', 'x'))).toBe('20 NO_FILE: fcgi');
  });

  test('RPC-120 RPC-127 a log that cannot be read is FAILED, and an empty tail', async (t) => {
    t.expect(await faultOf(rpc('readProcessStdoutLog', 'folder', 0, 5))).toBe('30 FAILED');
    t.expect(await rpc('tailProcessStdoutLog', 'folder', 0, 5)).toEqual(['', 0, false]);
  });

  test('RPC-174 a huge length is as much as there is', async (t) => {
    for (const length of [1_000_000_000, 2_147_483_647]) {
      t.expect(await rpc('readProcessStdoutLog', 'small', 0, length)).toBe('all of it');
      t.expect(await rpc('tailProcessStdoutLog', 'small', 0, length)).toEqual(['all of it', 9, false]);
    }
  });

  test('RPC-061 RPC-063 RPC-109 what a reread takes: the environment marks every group, servers wait, AUTO is told', async (t) => {
    const own = await startSupervisor(t, kind, {
      config: `${program('a', '')}${program('b', '')}${program('c', '')}[group:g]\nprograms=c\n`,
    });
    const conf = own.read('supervisord.conf');
    const rewrite = (from: string, to: string) => own.write('supervisord.conf', conf.replace(from, to));
    const logOf = async () => (await own.rpc('getAllConfigInfo'))[0].stdout_logfile;
    t.expect(await logOf()).toMatch(new RegExp(`^${own.dir}/child/a-stdout---supervisor-\\S{8}\\.log$`));
    rewrite('[supervisord]', '[supervisord]\nenvironment=A="1"');
    const [[added, changed, removed]] = await own.rpc('reloadConfig');
    t.expect([added, changed.sort(), removed]).toEqual([[], ['a', 'b', 'g'], []]);
    t.expect(await logOf()).toBe('auto');
    rewrite('[supervisord]', '[inet_http_server]\nport=x:y\n[supervisord]');
    t.expect(await faultOf(own.rpc('reloadConfig'))).toMatch(/^92 CANT_REREAD: /);
    rewrite('/s.sock\n', '/other.sock\nchmod=0600\n');
    t.expect(await own.rpc('reloadConfig')).toEqual([[[], [], []]]);
    t.expect(() => statSync(join(own.dir, 'other.sock'))).toThrow('ENOENT');
    t.expect(await own.rpc('getPID')).toBe(own.pid);
  });

  test('CFG-154 the socket belongs to whom chown says, and not being allowed to is a usage error', async (t) => {
    const server = '[unix_http_server]\nchown=nobody:nogroup\n';
    const { configPath, dir } = writeSetup(t, { config: server });
    const refused = await run([...NO_CHOWN, ...DAEMON[kind], '-n', '-c', configPath], { cwd: dir });
    const says = `Error: Not permitted to chown ${dir}/s.sock to uid/gid (65534, 65534); adjust "sockchown" value in config file or on command line to values that the current user (root) can successfully chown\n`;
    t.expect([refused.code, refused.err]).toEqual([2, t.expect.stringContaining(says)]);
    const own = await startSupervisor(t, kind, { config: server });
    const { uid, gid } = statSync(own.socketPath);
    t.expect([uid, gid]).toEqual([65534, 65534]);
  });
});
