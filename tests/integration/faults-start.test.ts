import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answering, copiesOf, killAgent, killCopies, startAgain } from '../support/agent-again.ts';
import { DAEMON, run, startSupervisor, tempDir, writeSetup } from '../support/supervisors.ts';

/** Each breaks a call into Node that the daemon makes at a known point of its start. */
const BREAKS = {
  'before servers open': `
    import crypto from 'node:crypto';
    import { syncBuiltinESMExports } from 'node:module';
    crypto.randomBytes = () => { throw new TypeError('injected'); };
    syncBuiltinESMExports();`,
  'in a callback while servers open': `
    import net from 'node:net';
    net.Server.prototype.listen = () => process.nextTick(() => { throw new TypeError('injected'); });`,
  'in a promise while servers open': `
    import net from 'node:net';
    net.Server.prototype.listen = () => void Promise.reject(new TypeError('injected'));`,
  'while programs are started': `
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (...args) => {
      if (new Error().stack.includes('.autostart')) throw new TypeError('injected');
      return setTimeout(...args);
    };`,
};

/** An environment in which the daemon breaks at that point. */
function breaking(t: Parameters<typeof tempDir>[0], point: keyof typeof BREAKS): NodeJS.ProcessEnv {
  const file = join(tempDir(t), 'break.mjs');
  writeFileSync(file, BREAKS[point]);
  return { ...process.env, NODE_OPTIONS: `--import ${file}` };
}

const ONE_LINE =
  /^(Unlinking stale socket .+\n)?Error: unexpected error, supervisord ends: TypeError: injected \(at .+\)\n$/;
const PROGRAM = '[program:p]\ncommand=sleep 1000\nstartsecs=0\n';

for (const point of [
  'before servers open',
  'in a callback while servers open',
  'in a promise while servers open',
] as const) {
  test.concurrent(`an unexpected error ${point} ends the start with one line and status 1`, async (t) => {
    const { dir, configPath } = writeSetup(t, { config: PROGRAM });
    const ran = await run([...DAEMON.agent, '-n', '-s', '-c', configPath], { env: breaking(t, point) });
    t.expect(ran).toMatchObject({ signal: null, code: 1, err: t.expect.stringMatching(ONE_LINE) });
    const logged = await run(['cat', join(dir, 'main.log')]);
    t.expect(logged.out).toMatch(/ CRIT supervisord ends: TypeError: injected\n\s+at /);
    t.expect(logged.out).not.toContain('spawned');
    t.expect((await run(['ls', join(dir, 'pid')])).code).toBe(2);
  });
}

test('an unexpected error at a start in the background is seen in front', async (t) => {
  const { configPath } = writeSetup(t, { config: PROGRAM });
  const ran = await run([...DAEMON.agent, '-c', configPath], { env: breaking(t, 'before servers open') });
  expect(ran).toMatchObject({ signal: null, code: 1, err: expect.stringMatching(ONE_LINE) });
});

test('an unexpected error while programs are started stops what runs already, and leaves nothing deaf', async (t) => {
  const word = `copy-${randomUUID()}`;
  killCopies(t, word);
  const config = `[program:p]\ncommand=sh -c "sleep 1000; :" ${word}\nstartsecs=0\nstopasgroup=true\n`;
  const s = await startSupervisor(t, 'agent', { config });
  const { pid } = await s.state('p', 'RUNNING');
  await killAgent(s);
  expect(copiesOf(word)).toEqual([pid]);
  const ran = await run([...DAEMON.agent, '-n', '-s', '-c', s.configPath], {
    env: breaking(t, 'while programs are started'),
  });
  expect(ran).toMatchObject({ signal: null, code: 1, err: expect.stringMatching(ONE_LINE) });
  expect(s.log()).toContain(`took over: 'p' with pid ${pid}`);
  expect(s.log()).toContain('stopped: p ');
  expect(copiesOf(word)).toEqual([]);
  await answering(s, startAgain(t, s));
  expect(await s.state('p', 'RUNNING')).not.toMatchObject({ pid });
});
