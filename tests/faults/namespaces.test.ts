import { faultTest } from '../support/injections.ts';
import { startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const program = (name: string, command: string, more = ''): string =>
  `[program:${name}]\ncommand=${command}\nstartsecs=0\nstdout_logfile={dir}/${name}.out\nstderr_logfile=NONE\n${more}\n`;
const AS_PID_1 = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

async function shutDown(s: TestSupervisor): Promise<void> {
  await s.rpc('shutdown');
  await until('its end', () => s.child.exitCode !== null);
}

faultTest(
  'A41 as pid 1 it reaps the orphans of others, and keeps its own ends',
  'pid namespace',
  async (t) => {
    const orphans = `sh -c 'for n in 1 2 3 4 5; do (sleep 0.3; exit $n) & done; exit 3'`;
    const zombies = `sh -c 'while :; do grep -lsE "^State:.Z" /proc/[0-9]*/status | wc -l; sleep 0.1; done'`;
    const s = await startSupervisor(t, 'agent', {
      config:
        program('leaves', orphans, 'autorestart=false\nautostart=false\n') + program('zombies', zombies),
      under: AS_PID_1,
    });
    t.expect(await s.rpc('getPID')).toBe(1);
    await s.rpc('startProcess', 'leaves');
    t.expect(await s.state('leaves', 'EXITED')).toMatchObject({ exitstatus: 3 });
    await until('all of them reaped', () => (s.log().match(/reaped unknown pid \d+/g) ?? []).length >= 5);
    await until('no zombie', () => /(^|\n)0\n$/.test(s.read('zombies.out')));
    await shutDown(s);
  },
);

faultTest(
  'A42 where pids come round again every second, no stranger is ever signalled',
  'pid_max of a pid namespace',
  async (t) => {
    const bystander = `sh -c 'trap "echo hit" USR1 TERM; while :; do sleep 5 & wait; done'`;
    const s = await startSupervisor(t, 'agent', {
      config:
        program('churn', `sh -c 'while :; do /bin/true; done'`) +
        program('short', 'sleep 0.02', 'autorestart=true\n') +
        program('by', bystander, 'numprocs=10\nprocess_name=by%(process_num)d\nstopsignal=KILL\n').replace(
          '/by.out',
          '/by%(process_num)d.out',
        ),
      under: [...AS_PID_1, 'sh', '-c', 'echo 400 > /proc/sys/kernel/pid_max; exec "$@"', 'sh'],
    });
    await s.state('by:by9', 'RUNNING');
    const until8s = performance.now() + 8_000; // a stretch of time is what is tried
    while (performance.now() < until8s) {
      await s.rpc('signalProcess', 'short', 'USR1').catch(() => {}); // between two lives
      await s.rpc('stopProcess', 'short').catch(() => {}); // as above
      await s.rpc('startProcess', 'short').catch(() => {}); // as above
    }
    const pids = [...s.log().matchAll(/spawned: 'short' with pid (\d+)/g)].map((match) => Number(match[1]));
    const rounds = pids.filter((pid, index) => pid < (pids[index - 1] ?? 0)).length;
    t.expect(rounds).toBeGreaterThan(2); // else nobody's pid was anybody's again
    t.expect(Array.from({ length: 10 }, (_, n) => s.read(`by${n}.out`)).join('')).toBe('');
    await shutDown(s);
  },
);
