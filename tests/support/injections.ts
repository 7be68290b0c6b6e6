import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'vitest';
import type { Lifetime } from './supervisors.ts';

const CGROUPS = '/sys/fs/cgroup';

function ran(file: string, ...args: string[]): void {
  execFileSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function inScratch(act: (dir: string) => void): void {
  const dir = mkdtempSync(join(tmpdir(), 'fv-probe-'));
  try {
    act(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function cgroupProbe(controller: string): () => void {
  return () => {
    const dir = join(CGROUPS, controller, `fv-probe-${process.pid}`);
    mkdirSync(dir);
    rmdirSync(dir);
  };
}

/** What a fault needs of the machine: each throws when it is not to be had. */
const PROBES = {
  mount: () =>
    inScratch((dir) => {
      ran('mount', '-t', 'tmpfs', '-o', 'size=64k', 'fv', dir);
      ran('umount', dir);
    }),
  chattr: () =>
    inScratch((dir) => {
      writeFileSync(join(dir, 'f'), '');
      ran('chattr', '+i', join(dir, 'f'));
      ran('chattr', '-i', join(dir, 'f'));
    }),
  strace: () => ran('strace', '-qq', '-e', 'inject=getppid:error=EIO', 'true'),
  'pid namespace': () => ran('unshare', '--pid', '--fork', '--mount-proc', 'true'),
  'pid_max of a pid namespace': () =>
    ran(
      'unshare',
      '--pid',
      '--fork',
      '--mount-proc',
      'sh',
      '-c',
      'echo 400 > /proc/sys/kernel/pid_max && [ "$(cat /proc/sys/kernel/pid_max)" = 400 ]',
    ),
  'pids cgroup': cgroupProbe('pids'),
  'memory cgroup': cgroupProbe('memory'),
  'freezer cgroup': cgroupProbe('freezer'),
} as const;

export type Injection = keyof typeof PROBES;

const known = new Map<Injection, string | null>();

/** Why this machine cannot inject a fault, or null. */
function obstacle(injection: Injection): string | null {
  const before = known.get(injection);
  if (before !== undefined) return before;
  let why: string | null = null;
  try {
    PROBES[injection]();
  } catch (error) {
    why = `no ${injection} here: ${error instanceof Error ? error.message.trim().split('\n').at(-1) : error}`;
  }
  known.set(injection, why);
  return why;
}

/** A test of fault rows; where the fault cannot be injected it says so in its title and on stderr. */
export function faultTest(
  title: string,
  injection: Injection,
  claim: (t: TestContext) => Promise<void>,
): void {
  const why = obstacle(injection);
  if (why === null) test(title, claim);
  else {
    process.stderr.write(`NOT INJECTED ${title.split(' ')[0]}: ${why}\n`);
    test.skip(`${title} (not injected: ${why})`);
  }
}

/** A control group of its own for one test. */
export function cgroup(t: Lifetime, controller: 'pids' | 'memory' | 'freezer') {
  const dir = join(CGROUPS, controller, `fv-${process.pid}-${Math.random().toString(36).slice(2)}`);
  mkdirSync(dir);
  t.onTestFinished(() => {
    if (existsSync(dir)) rmdirSync(dir);
  });
  return {
    set: (file: string, value: string | number) => writeFileSync(join(dir, file), `${value}`),
    take: (pid: number) => writeFileSync(join(dir, 'cgroup.procs'), `${pid}`),
    giveBack: (pid: number) => writeFileSync(join(CGROUPS, controller, 'cgroup.procs'), `${pid}`),
    dir,
  };
}

/** A small file system at `dir`, gone with the test. */
export function smallDisk(t: Lifetime, dir: string, options: string): void {
  mkdirSync(dir, { recursive: true });
  ran('mount', '-t', 'tmpfs', '-o', options, 'fv', dir);
  t.onTestFinished(() => ran('umount', '-l', dir));
}

/** Changes how a disk made by `smallDisk` is mounted. */
export function remount(dir: string, options: string): void {
  ran('mount', '-o', `remount,${options}`, dir);
}

/** Makes a file unchangeable until the test is over. */
export function makeImmutable(t: Lifetime, path: string): void {
  ran('chattr', '+i', path);
  t.onTestFinished(() => ran('chattr', '-i', path));
}
