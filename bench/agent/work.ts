import { once } from 'node:events';
import { createWriteStream, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { until } from '../../tests/support/until.ts';
import type { Row } from './row.ts';
import { median, type Subject, withSubject } from './subject.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');
const quiet = (ms: number) => new Promise((done) => setTimeout(done, ms));

const sleepers = (count: number, more = '') =>
  `[program:g]\ncommand=/bin/sleep 1000\nnumprocs=${count}\nprocess_name=p%(process_num)03d\nstdout_logfile=NONE\nstderr_logfile=NONE\n${more}\n`;

async function runningCount(subject: Subject): Promise<number> {
  const all = (await subject.rpc('getAllProcessInfo')) as { statename: string }[];
  return all.filter((info) => info.statename === 'RUNNING').length;
}

export const stallWhileStarting: Row = {
  name: 'longest RPC stall while 200 programs start',
  unit: 'ms',
  must: { at: 190 },
  aim: { at: 50 },
  measure: (kind) =>
    withSubject(kind, { config: sleepers(200, 'autostart=false\nstartsecs=0') }, async (subject) => {
      let starting = true;
      const started = subject
        .rpc('startAllProcesses', false)
        .then(() => quiet(200))
        .then(() => {
          starting = false;
        });
      let longest = 0;
      while (starting) {
        const at = performance.now();
        await subject.rpc('getState');
        longest = Math.max(longest, performance.now() - at);
        await quiet(2);
      }
      await started;
      return longest;
    }),
};

export const infoOf500: Row = {
  name: 'getAllProcessInfo of 500: daemon CPU',
  unit: 'ms',
  must: { at: 38 },
  aim: { at: 10 },
  measure: (kind) =>
    withSubject(kind, { config: sleepers(500, 'autostart=false') }, async (subject) => {
      await subject.rpc('getAllProcessInfo');
      const before = subject.cpuMs();
      for (let call = 0; call < 10; call += 1) await subject.rpc('getAllProcessInfo');
      return (subject.cpuMs() - before) / 10;
    }),
};

export const infoOf100: Row = {
  name: 'getAllProcessInfo of 100, p50',
  unit: 'ms',
  must: { times: 0.5 },
  aim: { times: 0.2 },
  measure: (kind) =>
    withSubject(kind, { config: sleepers(100, 'autostart=false') }, async (subject) => {
      const taken: number[] = [];
      for (let call = 0; call < 30; call += 1) taken.push(await rawCallMs(subject.socketPath));
      return median(taken);
    }),
};

/** One call timed to its last byte, without the time a client takes to read the XML. */
async function rawCallMs(socketPath: string): Promise<number> {
  const { request } = await import('node:http');
  const body =
    '<?xml version="1.0"?><methodCall><methodName>supervisor.getAllProcessInfo</methodName></methodCall>';
  const at = performance.now();
  await new Promise<void>((done, fail) => {
    const asked = request(
      { socketPath, path: '/RPC2', method: 'POST', headers: { 'content-length': body.length } },
      (answer) => answer.resume().on('end', done),
    );
    asked.on('error', fail);
    asked.end(body);
  });
  return performance.now() - at;
}

/** A file of `bytes` made by repeating `piece`, under the temp folder; kept for the next round. */
async function bigFile(name: string, piece: string, bytes: number): Promise<string> {
  const path = join(tmpdir(), `fleetvisor-bench-${name}`);
  try {
    if (statSync(path).size >= bytes) return path;
  } catch {
    // not made yet
  }
  const block = Buffer.from(piece.repeat(Math.ceil(2 ** 20 / piece.length)));
  const file = createWriteStream(path);
  for (let written = 0; written < bytes; written += block.length) {
    if (!file.write(block)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
  return path;
}

/** CPU seconds per gigabyte that passes from a child into its log. */
async function cpuPerGb(
  kind: 'agent' | 'supervisord',
  command: string,
  bytes: number,
  daemon = '',
): Promise<number> {
  const config = `[program:p]\ncommand=${command}\nautostart=false\nautorestart=false\nstartsecs=0\nstdout_logfile=/dev/shm/fleetvisor-bench.log\nstdout_logfile_maxbytes=0\nstderr_logfile=NONE\n`;
  return withSubject(kind, { config, daemon }, async (subject) => {
    const before = subject.cpuMs();
    await subject.rpc('startProcess', 'p', false);
    await until(
      'the child to end',
      async () => (await subject.rpc('getProcessInfo', 'p')).statename === 'EXITED',
      {
        withinMs: 120_000,
        everyMs: 300,
      },
    );
    const used = subject.cpuMs() - before;
    rmSync('/dev/shm/fleetvisor-bench.log', { force: true });
    return used / 1000 / (bytes / 1e9);
  });
}

const COLOURED =
  '\u001b[32mINFO\u001b[0m request served in \u001b[1m12\u001b[0m ms by worker 7 of pool web\n';

export const stripAnsi: Row = {
  name: 'strip_ansi: daemon CPU per GB',
  unit: 's',
  must: { at: 12 },
  aim: { at: 6 },
  measure: async (kind) => {
    const bytes = 64 * 2 ** 20;
    return cpuPerGb(kind, `/bin/cat ${await bigFile('ansi', COLOURED, bytes)}`, bytes, 'strip_ansi=true');
  },
};

export const bulkLog: Row = {
  name: 'bulk log: daemon CPU per GB',
  unit: 's',
  must: { times: 1.25 },
  aim: { times: 1 },
  measure: async (kind) => {
    const bytes = 512 * 2 ** 20;
    return cpuPerGb(kind, `/bin/cat ${await bigFile('bulk', `${'x'.repeat(99)}\n`, bytes)}`, bytes);
  },
};

export const lineLog: Row = {
  name: 'log, one write per line: daemon CPU per GB',
  unit: 's',
  must: { times: 1.5 },
  aim: { times: 1 },
  measure: (kind) => cpuPerGb(kind, `/usr/bin/python3 ${PROGRAMS}/lines.py 600000`, 60e6),
};

async function afterAllRun<T>(
  kind: 'agent' | 'supervisord',
  count: number,
  measure: (subject: Subject) => Promise<T>,
): Promise<T> {
  return withSubject(kind, { config: sleepers(count) }, async (subject) => {
    await until(`${count} RUNNING`, async () => (await runningCount(subject)) === count, { everyMs: 100 });
    return measure(subject);
  });
}

/** What starting left to tidy up is not idleness: the collector comes for it eight seconds later, and perhaps again. */
const SETTLE_MS = 25_000;

async function idle(read: () => number): Promise<number> {
  await quiet(SETTLE_MS);
  const before = read();
  await quiet(10_000);
  return read() - before;
}

export const idleCpu: Row = {
  name: 'idle, 100 programs: CPU per 10 s',
  unit: 'ms',
  must: { times: 1 },
  aim: { at: 2 },
  measure: (kind) => afterAllRun(kind, 100, (subject) => idle(subject.cpuMs)),
};

export const idleWakeups: Row = {
  name: 'idle, 100 programs: wakeups per 10 s',
  unit: '',
  must: { times: 1 },
  aim: { at: 2 },
  measure: (kind) => afterAllRun(kind, 100, (subject) => idle(subject.wakeups)),
};

export const memory: Row = {
  name: 'RSS with 100 programs',
  unit: 'MiB',
  must: { at: 72 },
  aim: { at: 56 },
  measure: (kind) => afterAllRun(kind, 100, async (subject) => subject.rssMiB()),
};

export const launch200: Row = {
  name: 'launch to 200 RUNNING',
  unit: 'ms',
  must: { times: 1.25 },
  aim: { times: 0.67 },
  measure: async (kind) => {
    const at = performance.now();
    return afterAllRun(kind, 200, async () => performance.now() - at);
  },
};

export const coldStart: Row = {
  name: 'cold start to first RPC answer',
  unit: 'ms',
  must: { times: 2 },
  aim: { times: 1.2 },
  measure: async (kind) => {
    const at = performance.now();
    return withSubject(kind, { config: '' }, async () => performance.now() - at);
  },
};
