import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultTest, makeImmutable, remount, smallDisk } from '../support/injections.ts';
import { hostsReady, startKillableHub } from '../support/killable-hub.ts';
import { startSupervisor, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const program = (name: string, command: string, more = ''): string =>
  `[program:${name}]\ncommand=${command}\nstartsecs=0\nstderr_logfile=NONE\n${more}\n`;
const bytesWrittenBy = (pid: unknown): number =>
  Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);

faultTest(
  'A16 a full log disk: the child goes on, a neighbour logs, the loss is counted, and it resumes',
  'mount',
  async (t) => {
    const disk = join(tempDir(t), 'disk');
    smallDisk(t, disk, 'size=1m');
    const s = await startSupervisor(t, 'agent', {
      config:
        program(
          'flood',
          `sh -c 'while :; do head -c 65536 /dev/zero; sleep 0.02; done'`,
          `stdout_logfile=${disk}/flood.out\nstdout_logfile_maxbytes=0\n`,
        ) + program('cat', 'cat', 'stdout_logfile={dir}/cat.out\n'),
    });
    const { pid } = await s.state('flood', 'RUNNING');
    await until('the disk full', () => s.log().includes(`cannot write to '${disk}/flood.out' (ENOSPC)`));
    const before = bytesWrittenBy(pid);
    await until('the child writing on', () => bytesWrittenBy(pid) > before + 512 * 1024);
    await s.rpc('sendProcessStdin', 'cat', 'neighbour\n');
    await until('the neighbour', () => s.read('cat.out') === 'neighbour\n');
    remount(disk, 'size=512m');
    const lost = await until('the count', () =>
      /writing to '\S+flood.out' again, (\d+) bytes were lost/.exec(s.log()),
    );
    t.expect(Number(lost[1])).toBeGreaterThanOrEqual(512 * 1024);
    t.expect(await s.state('flood', 'RUNNING')).toMatchObject({ pid });
  },
);

faultTest(
  'A17 the disk of its own log, pidfile and state file is full: the agent runs, and says so',
  'mount',
  async (t) => {
    const disk = join(tempDir(t), 'disk');
    smallDisk(t, disk, 'size=64k');
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(60 * 1024));
    const s = await startSupervisor(t, 'agent', {
      config: program('p', 'sleep 1000', 'stdout_logfile=NONE\n'),
      args: ['-l', join(disk, 'main.log'), '-j', join(disk, 'pid')],
    });
    for (let round = 0; round < 40; round += 1) await s.rpc('sendRemoteCommEvent', 'x', 'y');
    for (let round = 0; round < 20; round += 1) {
      await s.rpc('stopProcess', 'p').catch(() => {}); // the first round may be before its start
      await s.rpc('startProcess', 'p');
    }
    t.expect(await s.state('p', 'RUNNING')).toMatchObject({ statename: 'RUNNING' });
    const ran = await s.stop();
    t.expect([ran.code, ran.err]).toEqual([
      0,
      t.expect.stringContaining(`cannot write to '${disk}/main.log' (ENOSPC)`),
    ]);
  },
);

faultTest('A6 the folder of the pidfile is read-only: told, and the programs run', 'mount', async (t) => {
  const disk = join(tempDir(t), 'disk');
  smallDisk(t, disk, 'size=64k,ro');
  const s = await startSupervisor(t, 'agent', {
    config: program('p', 'sleep 1000', 'stdout_logfile=NONE\n'),
    args: ['-j', join(disk, 'pid')],
  });
  await s.state('p', 'RUNNING');
  t.expect(s.log()).toContain(`CRIT could not write pidfile ${disk}/pid`);
  t.expect(s.log()).toContain(`CRIT could not write state file ${disk}/pid.children (EROFS)`);
});

faultTest('A18 the disk answers EIO: as when it is full', 'strace', async (t) => {
  const dir = tempDir(t);
  const inject = ['strace', '-f', '-qq', '-o', '/dev/null', '-P', `${dir}/p.out`];
  const s = await startSupervisor(t, 'agent', {
    config:
      program('p', 'cat', `stdout_logfile=${dir}/p.out\n`) +
      program('q', 'cat', 'stdout_logfile={dir}/q.out\n'),
    under: [...inject, '-e', 'trace=write,writev,pwrite64', '-e', 'inject=write,writev,pwrite64:error=EIO'],
  });
  await s.state('p', 'RUNNING');
  await s.rpc('sendProcessStdin', 'p', 'lost\n');
  await until('the trouble told', () => s.log().includes(`cannot write to '${dir}/p.out' (EIO)`));
  await s.rpc('sendProcessStdin', 'q', 'kept\n');
  await until('the neighbour', () => s.read('q.out') === 'kept\n');
  await s.rpc('shutdown');
  await until('its end', () => s.child.exitCode !== null);
  t.expect(s.log()).toContain('5 bytes were lost');
});

faultTest(
  'A25 a backup that may not be replaced stops rotation, not logging, and is told once',
  'chattr',
  async (t) => {
    const dir = tempDir(t);
    writeFileSync(join(dir, 'p.out.1'), 'old');
    makeImmutable(t, join(dir, 'p.out.1'));
    const s = await startSupervisor(t, 'agent', {
      config: program(
        'p',
        'cat',
        `stdout_logfile=${dir}/p.out\nstdout_logfile_maxbytes=10\nstdout_logfile_backups=1\n`,
      ),
    });
    await s.state('p', 'RUNNING');
    let written = '';
    for (const line of ['first line\n', 'second line\n', 'third line\n']) {
      written += line;
      await s.rpc('sendProcessStdin', 'p', line);
      await until(line, () => readFileSync(join(dir, 'p.out'), 'utf8') === written);
    }
    t.expect(s.log().split(`cannot rotate '${dir}/p.out'`)).toHaveLength(2);
  },
);

/** Fills a disk to its last block; returns the way to have its room back. */
function fill(disk: string): () => void {
  const ballast = join(disk, 'ballast');
  for (const bytes of [64 * 1024, 4 * 1024]) {
    try {
      for (;;) appendFileSync(ballast, Buffer.alloc(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  return () => rmSync(ballast);
}

faultTest(
  'H18 the disk of the hub is full: it shows on, refuses actions with the reason, recovers alone, and starts again whole',
  'mount',
  async (t) => {
    const disk = join(tempDir(t), 'disk');
    smallDisk(t, disk, 'size=16m');
    const hub = await startKillableHub(t, { data: join(disk, 'hub') });
    const stock = await startSupervisor(t, 'supervisord', { config: program('web', '/bin/sleep 1000') });
    await hub.ask('POST', '/hosts', { name: 'stock', url: `unix://${stock.socketPath}` });
    await hostsReady(hub, 1);
    const stop = { verb: 'stop', selector: 'web:*' };
    const makeRoom = fill(disk);
    const refused = await until('the room in the journal to be used up', async () => {
      const answer = await hub.ask('POST', '/actions', { verb: 'signal', signal: 'CONT', selector: 'web:*' });
      return answer.status === 202 ? undefined : answer;
    });
    t.expect(refused).toMatchObject({
      status: 503,
      body: { title: 'The audit cannot be written now, so nothing is changed' },
    });
    await stock.rpc('stopProcess', 'web');
    await until('the hub shows on', async () => {
      const { status, body } = await hub.ask('GET', '/fleet');
      return status === 200 && body.processes[0].state === 'STOPPED';
    });
    makeRoom();
    const start = await until('actions are taken again', async () => {
      const { status, body } = await hub.ask('POST', '/actions', { ...stop, verb: 'start' });
      return status === 202 ? body : undefined;
    });
    t.expect((await hub.finished(start.id)).targets[0]?.outcome.kind).toBe('done');
    fill(disk);
    await hub.kill();
    rmSync(join(disk, 'ballast'));
    await hub.start();
    await hostsReady(hub, 1);
    t.expect((await hub.ask('GET', `/actions/${start.id}`)).body.finishedAtMs).not.toBeNull();
    t.expect(await hub.verb('audit-verify')).toContain('rows');
  },
);
