import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { answering, copiesOf, killAgent, killCopies, startAgain } from '../support/agent-again.ts';
import { startSupervisor } from '../support/supervisors.ts';

const KILLS = Number(process.env.KILLS ?? 50);

test(
  `A3 ${KILLS} kills at random moments, starts and stops among them: never two copies, never a wrong state`,
  async (t) => {
    const words = Array.from({ length: 5 }, () => `copy-${randomUUID()}`);
    for (const word of words) killCopies(t, word);
    const config = words
      .map(
        (word, n) =>
          `[program:p${n}]\ncommand=/bin/sh -c "sleep 1000; :" ${word}\nstartsecs=0\nautorestart=true\nstopasgroup=true\nkillasgroup=true\n`,
      )
      .join('');
    const s = await startSupervisor(t, 'agent', { config });
    let current = { pid: s.pid, kill: () => killAgent(s) };
    let most = 0;
    const watch = setInterval(() => {
      for (const word of words) most = Math.max(most, copiesOf(word).length);
    }, 100);
    t.onTestFinished(() => clearInterval(watch));
    for (let round = 0; round < KILLS; round += 1) {
      if (round % 5 === 0) await answering(s, current);
      void s.rpc(round % 2 === 0 ? 'stopProcess' : 'startProcess', `p${round % 5}`, false).catch(() => {}); // the kill may come first
      await new Promise((done) => setTimeout(done, Math.random() * 600)); // the moment is what is varied
      await current.kill();
      current = startAgain(t, s);
    }
    await answering(s, current);
    for (const [n, word] of words.entries()) {
      const { pid } = await s.state(`p${n}`, 'RUNNING');
      expect(copiesOf(word)).toEqual([pid]);
    }
    expect(most).toBe(1);
  },
  60_000 + KILLS * 3_000,
);
