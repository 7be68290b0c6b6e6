import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'vitest';
import { answering, copiesOf, killAgent, killCopies, startAgain } from '../support/agent-again.ts';
import { startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** A program whose copies can be counted: its word is in no other command line. */
function countable(t: TestContext, name: string, more = '', script = 'sleep 1000; :') {
  const word = `copy-${randomUUID()}`;
  killCopies(t, word);
  return {
    word,
    section: `[program:${name}]\ncommand=/bin/sh -c "${script}" ${word}\nstopasgroup=true\nkillasgroup=true\nstdout_logfile={dir}/${name}.out\nstderr_logfile={dir}/${name}.err\n${more}\n`,
  };
}

const agent = (t: TestContext, config: string, more = {}): Promise<TestSupervisor> =>
  startSupervisor(t, 'agent', { config, ...more });

/** Linux tells the end of a process to others than its parent since 6.15. */
const [major = 0, minor = 0] = release().split('.').map(Number);
const TELLS_ENDS = major * 1_000 + minor >= 6_015;

/** PID 1 may wait for orphans as late as it likes, and how they ended is not told before: here at once. */
const REAPED = ['python3', join(import.meta.dirname, '../support/programs/reaper.py')];

/** Writes a line whenever it is told to, by signal; lives through a pipe nobody reads. */
const SPEAKS = "trap '' PIPE; n=0; trap 'n=$((n+1)); echo line-$n || :' USR1; while :; do sleep 0.05; done";

describe.concurrent('A2 after SIGKILL of the agent', () => {
  test('A2 a child goes on under the new agent, with its pid, its start time and its log', async (t) => {
    const p = countable(t, 'p', 'startsecs=0\n', SPEAKS);
    const s = await agent(t, p.section);
    const before = await s.state('p', 'RUNNING');
    process.kill(Number(before.pid), 'SIGUSR1');
    await until('the first line', () => s.read('p.out') === 'line-1\n');
    await killAgent(s);
    const killedAt = performance.now();
    const again = startAgain(t, s);
    await answering(s, again);
    const after = await s.state('p', 'RUNNING');
    t.expect(performance.now() - killedAt).toBeLessThan(5_000);
    t.expect(after).toMatchObject({ pid: before.pid, spawnerr: '' });
    t.expect(Math.abs(Number(after.start) - Number(before.start))).toBeLessThanOrEqual(1);
    process.kill(Number(before.pid), 'SIGUSR1');
    await until('the second line', () => s.read('p.out') === 'line-1\nline-2\n');
    t.expect(copiesOf(p.word)).toEqual([before.pid]);
    t.expect(s.log()).toContain(`took over: 'p' with pid ${before.pid}, left by the daemon before this one`);
  });

  test('A2 what a child wrote while nobody read it is in its log', async (t) => {
    const p = countable(
      t,
      'p',
      'startsecs=0\n',
      'read line; i=0; while [ $i -lt 1000 ]; do echo $i; i=$((i+1)); done; exec sleep 1000',
    );
    const s = await agent(t, p.section);
    await s.state('p', 'RUNNING');
    s.child.kill('SIGSTOP');
    const { pid } = { pid: copiesOf(p.word)[0] ?? 0 };
    writeFileSync(`/proc/${pid}/fd/0`, 'go\n');
    await until('all of it in the pipe', () => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');
    await killAgent(s);
    await answering(s, startAgain(t, s));
    t.expect(await s.state('p', 'RUNNING')).toMatchObject({ pid });
    await until('every line', () => s.read('p.out').split('\n').length === 1001);
    t.expect(s.read('p.out')).toBe(Array.from({ length: 1000 }, (_, n) => `${n}\n`).join(''));
  });

  test('A2 a taken-over child that ends is seen, told and started anew by policy', async (t) => {
    const p = countable(t, 'p', 'startsecs=0\nautorestart=unexpected\n');
    const exits = "trap 'exit 7' TERM; while :; do sleep 0.05; done";
    const q = countable(t, 'q', 'startsecs=0\nautorestart=false\n', exits);
    const s = await agent(t, p.section + q.section, { under: REAPED });
    const [pidP, pidQ] = [(await s.state('p', 'RUNNING')).pid, (await s.state('q', 'RUNNING')).pid];
    const first = Number(await s.rpc('getPID'));
    process.kill(first, 'SIGKILL');
    await until('its end', () => !existsSync(`/proc/${first}`));
    await answering(s, startAgain(t, s));
    await s.state('p', 'RUNNING');
    process.kill(Number(pidP), 'SIGKILL');
    process.kill(Number(pidQ), 'SIGTERM');
    await until('another child', async () => (await s.state('p', 'RUNNING')).pid !== pidP);
    t.expect(await s.state('q', 'EXITED')).toMatchObject({
      exitstatus: TELLS_ENDS ? 7 : -1,
      spawnerr: TELLS_ENDS ? 'Bad exit code 7' : 'Exit status unknown',
      pid: 0,
    });
    const how = TELLS_ENDS ? 'terminated by SIGKILL' : 'exit status unknown';
    t.expect(s.log()).toContain(`exited: p (${how}; not expected)`);
  });

  test('A2 a taken-over child is stopped as any other, and written to', async (t) => {
    const p = countable(t, 'p', 'startsecs=0\n', 'while read line; do echo got $line; done; exec sleep 1000');
    const s = await agent(t, p.section);
    await s.state('p', 'RUNNING');
    s.child.kill('SIGSTOP');
    const reader = copiesOf(p.word);
    await killAgent(s);
    await answering(s, startAgain(t, s));
    t.expect(await s.rpc('stopProcess', 'p')).toBe(true);
    t.expect(await s.state('p', 'STOPPED')).toMatchObject({ pid: 0 });
    t.expect(copiesOf(p.word)).toEqual([]);
    t.expect(reader.length).toBe(1);
    await s.rpc('startProcess', 'p');
    t.expect(copiesOf(p.word)).toHaveLength(1);
  });

  test('A2 a child of a changed program is stopped first, of a removed one for good', async (t) => {
    const p = countable(
      t,
      'p',
      'startsecs=0\n',
      "trap 'sleep 0.3; exit 0' TERM; while :; do sleep 0.05; done",
    );
    const gone = countable(t, 'gone', 'startsecs=0\n');
    const s = await agent(t, p.section.replace('stopasgroup=true\n', '') + gone.section);
    const before = await s.state('p', 'RUNNING');
    await s.state('gone', 'RUNNING');
    await killAgent(s);
    const text = s.read('supervisord.conf');
    s.write(
      'supervisord.conf',
      text.slice(0, text.indexOf('[program:gone]')).replace('startsecs=0', 'startsecs=0\ndirectory=/'),
    );
    let most = 0;
    const again = startAgain(t, s);
    await until('the new child', async () => {
      most = Math.max(most, copiesOf(p.word).length);
      const info = await s.rpc('getProcessInfo', 'p');
      return info.statename === 'RUNNING' && info.pid !== before.pid;
    });
    await until('the removed one gone', () => copiesOf(gone.word).length === 0);
    t.expect([most, copiesOf(p.word).length]).toEqual([1, 1]);
    t.expect(s.log()).toMatch(/replacing 'p' \(pid \d+\) by a new child/);
    t.expect(await again.stop()).toBe(0);
    t.expect(readdirSync(s.dir).filter((file) => file.startsWith('pid'))).toEqual([]);
  });

  test('A2 a stop that was under way is finished, not forgotten', async (t) => {
    const p = countable(
      t,
      'p',
      'startsecs=0\nautostart=false\nstopwaitsecs=3600\n',
      "trap 'echo asked' TERM; trap '' PIPE; while :; do sleep 0.05; done",
    );
    const s = await agent(t, p.section.replace('stopasgroup=true\n', ''));
    await s.rpc('startProcess', 'p');
    const stopping = s.rpc('stopProcess', 'p', false);
    await stopping;
    await s.state('p', 'STOPPING');
    await killAgent(s);
    await answering(s, startAgain(t, s));
    const { pid } = await s.state('p', 'STOPPING');
    t.expect(copiesOf(p.word)).toEqual([pid]);
    process.kill(Number(pid), 'SIGKILL');
    await s.state('p', 'STOPPED');
  });

  test('A2 a listener is replaced: it has lost its place in the protocol', async (t) => {
    const p = countable(t, 'l');
    const s = await agent(
      t,
      p.section.replace('[program:l]', '[eventlistener:l]').replace('command=', 'events=TICK_5\ncommand='),
    );
    const before = await s.state('l', 'RUNNING');
    await killAgent(s);
    await answering(s, startAgain(t, s));
    const after = await until('another one', async () => {
      const info = await s.rpc('getProcessInfo', 'l');
      return info.pid !== 0 && info.pid !== before.pid && info;
    });
    t.expect(copiesOf(p.word)).toEqual([after.pid]);
  });

  test('A35 A2 what a dead child had started is named, not taken for the child', async (t) => {
    const p = countable(t, 'p', 'startsecs=0\n', 'setsid sleep 987 & setsid sleep 986 & exec sleep 1000');
    const s = await agent(t, p.section);
    const { pid } = await s.state('p', 'RUNNING');
    const strays = await until('the strays', () => {
      const found = [...copiesOf('sleep\x00987'), ...copiesOf('sleep\x00986')].filter((one) =>
        readFileSync(`/proc/${one}/environ`, 'utf8').includes(join(s.dir, 'pid')),
      );
      return found.length === 2 ? found : undefined;
    });
    t.onTestFinished(() => {
      for (const stray of strays) process.kill(stray, 'SIGKILL');
    });
    await killAgent(s);
    process.kill(Number(pid), 'SIGKILL');
    await answering(s, startAgain(t, s));
    const after = await s.state('p', 'RUNNING');
    t.expect(strays).not.toContain(after.pid);
    t.expect(s.log().match(/stray: sleep \(pid \d+\) was started by p and outlived it/g)).toHaveLength(2);
  });
});

test('A3 ten kills at random moments, starts and stops among them: never two copies, never a wrong state', async (t) => {
  const ps = Array.from({ length: 5 }, (_, n) => countable(t, `p${n}`, 'startsecs=0\nautorestart=true\n'));
  const s = await agent(t, ps.map(({ section }) => section).join(''));
  let current = { pid: s.pid, kill: () => killAgent(s) };
  let most = 0;
  const watch = setInterval(() => {
    for (const { word } of ps) most = Math.max(most, copiesOf(word).length);
  }, 50);
  t.onTestFinished(() => clearInterval(watch));
  for (let round = 0; round < 10; round += 1) {
    void s.rpc(round % 2 === 0 ? 'stopProcess' : 'startProcess', 'p0', false).catch(() => {}); // the kill may come first
    await new Promise((done) => setTimeout(done, Math.random() * 400)); // the moment is what is varied
    await current.kill();
    current = startAgain(t, s);
  }
  await answering(s, current);
  for (const n of ps.keys()) {
    const { pid } = await s.state(`p${n}`, 'RUNNING');
    t.expect(copiesOf(ps[n]?.word ?? '')).toEqual([pid]);
  }
  t.expect(most).toBe(1);
}, 60_000);

describe.concurrent('A58 a state file that says nothing', () => {
  for (const [what, spoil] of Object.entries({
    garbage: () => '\0\x01 not ours\n',
    empty: () => '',
    truncated: (text: string) => text.slice(0, -20),
    'of another version': (text: string) => text.replace('"version":1', '"version":99'),
    'of the future': (text: string) => text.replace(/"startTicks":\d+/g, '"startTicks":999999999999'),
  })) {
    test(`A58 ${what}: it is kept aside, told, and the children are found by their environment`, async (t) => {
      const p = countable(t, 'p', 'startsecs=0\n');
      const s = await agent(t, p.section);
      const { pid } = await s.state('p', 'RUNNING');
      await killAgent(s);
      const spoilt = spoil(s.read('pid.children'));
      s.write('pid.children', spoilt);
      await answering(s, startAgain(t, s));
      t.expect(await s.state('p', 'RUNNING')).toMatchObject({ pid });
      t.expect(copiesOf(p.word)).toEqual([pid]);
      t.expect(s.read('pid.children.damaged')).toBe(spoilt);
      t.expect(s.log()).toMatch(/CRIT state file \S+\/pid\.children: .*; it is kept as/);
    });
  }

  test('A58 gone altogether: the children are found all the same', async (t) => {
    const p = countable(t, 'p', 'startsecs=0\n');
    const s = await agent(t, p.section);
    const { pid } = await s.state('p', 'RUNNING');
    await killAgent(s);
    rmSync(join(s.dir, 'pid.children'));
    await answering(s, startAgain(t, s));
    t.expect(await s.state('p', 'RUNNING')).toMatchObject({ pid });
  });
});
