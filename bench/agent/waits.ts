import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { until } from '../../tests/support/until.ts';
import type { Row } from './row.ts';
import { median, type Subject, withSubject } from './subject.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');
const PYTHON = '/usr/bin/python3';
const nowNs = () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
const msBetween = (from: bigint, to: bigint) => Number(to - from) / 1e6;
const quiet = (ms: number) => new Promise((done) => setTimeout(done, ms));

function changed(path: string, since: number): boolean {
  try {
    return statSync(path).mtimeMs > since && readFileSync(path, 'utf8') !== '';
  } catch {
    return false; // not written yet
  }
}

/** Kills the child and answers when, by the kernel's clock; nothing else touches the daemon. */
async function crash(subject: Subject, name: string): Promise<bigint> {
  const { pid } = (await subject.state(name, 'RUNNING')) as { pid: number };
  if (pid <= 0) throw new Error(`${name} is RUNNING without a pid`); // kill(0) would end this program and its group
  await quiet(300 + Math.random() * 400);
  const at = nowNs();
  process.kill(pid, 'SIGKILL');
  return at;
}

async function seenIn(path: string, since: number): Promise<bigint> {
  await until(path, () => changed(path, since), { everyMs: 2 });
  return BigInt(readFileSync(path, 'utf8').trim().split('\n').at(-1) ?? '0');
}

export const crashToRunning: Row = {
  name: 'crash to running again, quiet, p50',
  unit: 'ms',
  must: { at: 50 },
  aim: { at: 20 },
  measure: (kind) =>
    withSubject(
      kind,
      {
        config: `[program:p]\ncommand=${PYTHON} ${PROGRAMS}/stamp.py {dir}/stamp\nautorestart=true\nstartsecs=0\n`,
      },
      async (subject) => {
        const stamp = join(subject.dir, 'stamp');
        await seenIn(stamp, 0);
        const startUp = await pythonStartMs(subject.dir);
        const taken: number[] = [];
        for (let round = 0; round < 7; round += 1) {
          const before = statSync(stamp).mtimeMs;
          const at = await crash(subject, 'p');
          taken.push(Math.max(0, msBetween(at, await seenIn(stamp, before)) - startUp));
        }
        return median(taken);
      },
    ),
};

/** What the interpreter itself needs before the stamp is written: not the daemon's doing. */
async function pythonStartMs(dir: string): Promise<number> {
  const { spawn } = await import('node:child_process');
  const taken: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const path = join(dir, `probe-${round}`);
    const at = nowNs();
    const child = spawn(PYTHON, [`${PROGRAMS}/stamp.py`, path]);
    taken.push(msBetween(at, await seenIn(path, 0)));
    child.kill('SIGKILL');
  }
  return median(taken);
}

export const crashToEvent: Row = {
  name: 'crash to EXITED event at a listener, p50',
  unit: 'ms',
  must: { at: 50 },
  aim: { at: 10 },
  measure: (kind) =>
    withSubject(
      kind,
      {
        config: `[program:p]\ncommand=/bin/sleep 1000\nautorestart=true\nstartsecs=0
[eventlistener:l]\ncommand=${PYTHON} ${PROGRAMS}/listener.py {dir}/seen\nevents=PROCESS_STATE_EXITED\nstartsecs=0\n`,
      },
      async (subject) => {
        const seen = join(subject.dir, 'seen');
        await subject.state('l', 'RUNNING');
        await subject.state('p', 'RUNNING');
        await quiet(1500);
        const taken: number[] = [];
        for (let round = 0; round < 7; round += 1) {
          const before = changed(seen, 0) ? statSync(seen).mtimeMs : 0;
          const at = await crash(subject, 'p');
          taken.push(msBetween(at, await seenIn(seen, before)));
        }
        return median(taken);
      },
    ),
};

export const lineToTail: Row = {
  name: 'line written to line on /logtail, p50',
  unit: 'ms',
  must: { at: 50 },
  aim: { at: 5 },
  measure: (kind) =>
    withSubject(
      kind,
      { config: `[program:p]\ncommand=${PYTHON} ${PROGRAMS}/ticker.py\n` },
      async (subject) => {
        await subject.state('p', 'RUNNING');
        return median(await tailLags(subject.socketPath, 8));
      },
    ),
};

function tailLags(socketPath: string, wanted: number): Promise<number[]> {
  return new Promise((done, fail) => {
    const lags: number[] = [];
    const openedAt = nowNs();
    const asked = request({ socketPath, path: '/logtail/p/stdout' }, (answer) => {
      answer.setEncoding('utf8').on('data', (text: string) => {
        const at = nowNs();
        const written = text
          .trim()
          .split('\n')
          .filter((line) => /^\d{19}$/.test(line))
          .map(BigInt);
        lags.push(...written.filter((stamp) => stamp > openedAt).map((stamp) => msBetween(stamp, at)));
        if (lags.length < wanted) return;
        asked.destroy();
        done(lags);
      });
    });
    asked.on('error', fail);
    asked.end();
  });
}

export const stopFifty: Row = {
  name: 'stop a group of 50, confirmed',
  unit: 'ms',
  must: { at: 200 },
  aim: { at: 100 },
  measure: (kind) =>
    withSubject(
      kind,
      {
        config:
          '[program:g]\ncommand=/bin/sleep 1000\nnumprocs=50\nprocess_name=p%(process_num)02d\nstartsecs=0\nstdout_logfile=NONE\nstderr_logfile=NONE\n',
      },
      async (subject) => {
        await subject.state('g:p49', 'RUNNING');
        await quiet(1200);
        const at = performance.now();
        const results = (await subject.rpc('stopProcessGroup', 'g')) as unknown[];
        if (results.length !== 50) throw new Error(`${results.length} of 50 stopped`);
        return performance.now() - at;
      },
    ),
};
