import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { freePort, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const PYTHON = '/usr/bin/python3 -u';
const OURS = join(import.meta.dirname, '../support/listeners');
/**
 * superlance is installed nowhere here, so listeners of our own stand in for it that take the same options and
 * make the same calls. `SUPERLANCE=/checkout` runs the same claims on superlance itself.
 */
const { SUPERLANCE } = process.env;

function listener(name: string, words: string, events: string): string {
  const command = SUPERLANCE ? `${PYTHON} -m superlance.${name}` : `${PYTHON} ${OURS}/${name}.py`;
  const sendmail = `-m ops@example.com -s "sh -c 'cat >> {dir}/${name}.mail'"`;
  return `[eventlistener:${name}]\ncommand=${command} ${sendmail} ${words}\nevents=${events}\nenvironment=PYTHONPATH="${SUPERLANCE ?? ''}"\n`;
}

const program = (name: string, command: string, more = ''): string =>
  `[program:${name}]\ncommand=${command}\nstartsecs=0\n${more}\n`;

async function sentMail(agent: TestSupervisor, name: string): Promise<string> {
  return await until(`mail of ${name}`, () => agent.read(`${name}.mail`), { withinMs: 30_000 });
}

/** Waits until another child is in the slot of `name`. */
async function restarted(agent: TestSupervisor, name: string, pid: unknown): Promise<void> {
  await until(`a new ${name}`, async () => {
    const info = await agent.rpc('getProcessInfo', name);
    return info.statename === 'RUNNING' && info.pid !== pid;
  });
}

const start = (t: TestContext, config: string): Promise<TestSupervisor> =>
  startSupervisor(t, 'agent', { config });

test.concurrent('a listener like memmon restarts the process that is too big, and no other', async (t) => {
  const agent = await start(
    t,
    program('big', `${PYTHON} -c "import time; x = bytearray(60 << 20); time.sleep(1000)"`) +
      program('small', 'sleep 1000') +
      listener('memmon', '-p big=40MB', 'TICK_5'),
  );
  const [big, small] = [await agent.state('big', 'RUNNING'), await agent.state('small', 'RUNNING')];
  t.expect(await sentMail(agent, 'memmon')).toMatch(
    /^To: ops@example\.com\nSubject: memmon.*: process big:big restarted\n/,
  );
  await restarted(agent, 'big', big.pid);
  t.expect(await agent.state('small', 'RUNNING')).toMatchObject({ pid: small.pid });
});

test.concurrent('a listener like httpok restarts the process whose page is not 200', async (t) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/health`;
  const agent = await start(
    t,
    program('web', `${PYTHON} ${join(import.meta.dirname, '../support/programs/bad-web.py')} ${port}`) +
      listener('httpok', `-p web ${url}`, 'TICK_5'),
  );
  const { pid } = await agent.state('web', 'RUNNING');
  t.expect(await sentMail(agent, 'httpok')).toContain(`Subject: httpok for ${url}: bad status returned`);
  await restarted(agent, 'web', pid);
});

test.concurrent('a listener like crashmail mails an unexpected exit and keeps quiet about an expected one', async (t) => {
  const agent = await start(
    t,
    program('done', 'true', 'autostart=false\nautorestart=false') +
      program('crash', `sh -c 'exit 7'`, 'autostart=false\nautorestart=false') +
      listener('crashmail', '-a', 'PROCESS_STATE_EXITED'),
  );
  await agent.state('crashmail', 'RUNNING');
  await agent.rpc('startProcess', 'done');
  await agent.state('done', 'EXITED');
  await agent.rpc('startProcess', 'crash');
  t.expect(await sentMail(agent, 'crashmail')).toMatch(
    /Subject: .*crash crashed at .*\n\nProcess crash in group crash exited unexpectedly \(pid \d+\) from state RUNNING$/,
  );
  expect(agent.read('crashmail.mail')).not.toContain('done');
});
