import { expect, test } from 'vitest';
import { parseAnswer, sendRaw } from '../support/raw-http.ts';
import { CTL, freePort, run, startSupervisor } from '../support/supervisors.ts';

const PYTHON = '/usr/bin/python3';
const PROGRAMS = `[program:web]
command=/bin/sleep 1000
process_name=%(program_name)s_%(process_num)02d
numprocs=2
startsecs=0
[program:job]
command=/bin/sleep 1000
autostart=false
startsecs=0
[program:doomed]
command=/bin/false
startretries=0
`;

/** What a deployment module does: looks with `status`, acts, and believes exit statuses and the words of the output. */
const DEPLOY = `
import subprocess, sys

def ctl(*args):
    done = subprocess.run(['/usr/bin/supervisorctl', '-c', sys.argv[1], *args], capture_output=True, text=True)
    return done.returncode, done.stdout

def states(name):
    rc, out = ctl('status')
    rows = [line.split() for line in out.splitlines()]
    return [(row[0], row[1]) for row in rows if row[0] == name or row[0].startswith(name + ':')]

def ensure(name, verb, word):
    done = []
    for full, state in states(name):
        if (verb == 'start') == (state in ('RUNNING', 'STARTING')):
            continue
        rc, out = ctl(verb, full)
        assert rc == 0, (rc, out)
        assert '%s: %s\\n' % (full, word) in out, out
        done.append(full)
    return done

assert ctl('reread')[1].strip() == 'No config updates to processes'
assert ctl('update')[0] == 0
print(ensure('job', 'start', 'started'))
print(ensure('job', 'start', 'started'))
print(ensure('web', 'stop', 'stopped'))
print(ctl('status', 'job')[0], ctl('status', 'web:*')[0], ctl('status', 'absent')[0], ctl('start', 'doomed')[0])
`;

/** What the Python dashboards do: basic auth in the URL, every process, logs, then start and stop without waiting. */
const DASHBOARD = `
import sys, xmlrpc.client

server = xmlrpc.client.ServerProxy('http://ops:s3:cret@127.0.0.1:%s/RPC2' % sys.argv[1])
print(server.supervisor.getAPIVersion(), server.supervisor.getState()['statename'], server.supervisor.getIdentification())
for info in server.supervisor.getAllProcessInfo():
    print(info['group'] + ':' + info['name'], info['statename'], type(info['pid']).__name__, info['start'] <= info['now'])
print(server.supervisor.stopProcessGroup('web')[0]['description'], server.supervisor.startProcess('web:web_00', False))
print(repr(server.supervisor.tailProcessStdoutLog('web:web_00', 0, 500)))
calls = xmlrpc.client.MultiCall(server)
calls.supervisor.getPID()
calls.supervisor.getState()
print(len(server.system.multicall([{'methodName': 'supervisor.getPID', 'params': []}] * 2)))
`;

test('a deployment script that believes status, output and exit codes of supervisorctl works against the agent', async (t) => {
  const agent = await startSupervisor(t, 'agent', { config: PROGRAMS, files: { 'deploy.py': DEPLOY } });
  await agent.state('doomed', 'FATAL');
  const ran = await run([PYTHON, `${agent.dir}/deploy.py`, agent.configPath]);
  expect(ran.err).toBe('');
  expect(ran.out.trim().split('\n')).toEqual(["['job']", '[]', "['web:web_00', 'web:web_01']", '0 3 4 7']);
});

test('a dashboard that speaks XML-RPC over TCP with basic authentication works against the agent', async (t) => {
  const port = await freePort();
  const inet = `[inet_http_server]\nport=127.0.0.1:${port}\nusername=ops\npassword=s3:cret\n`;
  const agent = await startSupervisor(t, 'agent', {
    config: PROGRAMS + inet,
    files: { 'dash.py': DASHBOARD },
  });
  await agent.state('doomed', 'FATAL');
  const ran = await run([PYTHON, `${agent.dir}/dash.py`, `${port}`]);
  expect(ran.err).toBe('');
  expect(ran.out.trim().split('\n')).toEqual([
    '3.0 RUNNING supervisor',
    'doomed:doomed FATAL int True',
    'job:job STOPPED int True',
    'web:web_00 RUNNING int True',
    'web:web_01 RUNNING int True',
    'OK True',
    "['', 0, False]",
    '2',
  ]);
});

/** As CodeIgniter's client writes it: HTTP/1.0 by hand, line ends inside the values, and the answer read to the end. */
function phpCall(method: string, ...values: string[]): string {
  const params = values.map((value) => `<param>\r\n<value>\r\n${value}\r\n</value>\r\n</param>\r\n`);
  const body = `<?xml version="1.0"?>\r\n<methodCall>\r\n<methodName>${method}</methodName>\r\n<params>\r\n${params.join('')}</params>\r\n</methodCall>`;
  const login = Buffer.from('ops:s3:cr&et').toString('base64');
  return `POST /RPC2 HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\nAuthorization: Basic ${login}\r\nUser-Agent: CodeIgniter XML-RPC\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

test('a PHP monitor that writes HTTP/1.0 by hand and reads to the end works against the agent', async (t) => {
  const port = await freePort();
  const inet = `[inet_http_server]\nport=127.0.0.1:${port}\nusername=ops\npassword=s3:cr&et\n`;
  const loud = `[program:loud]\ncommand=sh -c 'printf "\\033[1mh\\303\\251 <b>\\n"; exec sleep 1000'\nstartsecs=0\n`;
  const agent = await startSupervisor(t, 'agent', { config: PROGRAMS + inet + loud });
  await agent.state('loud', 'RUNNING');
  const ask = async (method: string, ...values: string[]): Promise<string> => {
    const { status, body } = parseAnswer(await sendRaw(port, phpCall(method, ...values)));
    expect(status).toBe(200);
    return body;
  };
  expect(await ask('supervisor.getAllProcessInfo')).toContain('<name>statename</name>');
  const web = '<string>web:web_00</string>';
  expect(await ask('supervisor.stopProcess', web, '<boolean>1</boolean>')).toContain('<boolean>1</boolean>');
  expect(await ask('supervisor.startProcess', web, '<boolean>1</boolean>')).toContain('<boolean>1</boolean>');
  expect(await ask('supervisor.startProcess', web)).toContain('ALREADY_STARTED: web:web_00');
  const log = await ask(
    'supervisor.readProcessStdoutLog',
    '<string>loud</string>',
    '<int>-100</int>',
    '<int>0</int>',
  );
  expect(log).toContain('<string>\ufffd[1mhé &lt;b&gt;\n</string>'); // where supervisord's answer is no XML
});

test('a monitoring one-liner over status finds exactly what does not run', async (t) => {
  const agent = await startSupervisor(t, 'agent', { config: PROGRAMS });
  await agent.state('doomed', 'FATAL');
  const check = `/usr/bin/supervisorctl -c ${agent.configPath} status | awk '$2 != "RUNNING" {print $1, $2}'`;
  expect((await run(['/bin/sh', '-c', check])).out).toBe('doomed FATAL\njob STOPPED\n');
});

test("fleetvisorctl drives a stock supervisord through a day's commands", async (t) => {
  const stock = await startSupervisor(t, 'supervisord', { config: PROGRAMS });
  await stock.state('doomed', 'FATAL');
  const ctl = (...words: string[]) => run([...CTL.agent, '-c', stock.configPath, ...words]);
  expect((await ctl('start', 'job')).out).toBe('job: started\n');
  expect((await ctl('restart', 'web:*')).out).toMatch(/web:web_00: stopped[\s\S]*web:web_01: started/);
  expect((await ctl('signal', 'USR1', 'job')).out).toBe('job: signalled\n');
  expect((await ctl('pid', 'web:web_00')).out).toMatch(/^\d+\n$/);
  expect((await ctl('status')).code).toBe(3);
  expect((await ctl('avail')).out).toContain('web:web_00');
  expect((await ctl('stop', 'all')).out).toContain('web:web_01: stopped');
  expect((await ctl('shutdown')).out).toBe('Shut down\n');
});
