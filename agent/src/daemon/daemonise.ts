import { spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { DaemonConfig } from '../config/config.ts';
import { quoted } from '../config/python-text.ts';
import type { MainLog } from '../logs/main-log.ts';
import { thrownErrno } from '../os/errno.ts';
import { libc } from '../os/libc.ts';

const READY_FD = 3;
const MARKER = 'FLEETVISORD_BACKGROUND';

/** What the background process was told by the one that started it. */
export interface Background {
  /** The soft limit on descriptors the foreground process was launched with. */
  readonly launchNofile: number;
}

/** Reads and removes the mark, so that no child inherits it. Null in the process a user started. */
export function backgroundMark(env: NodeJS.ProcessEnv): Background | null {
  const mark = env[MARKER];
  delete env[MARKER];
  return mark === undefined ? null : { launchNofile: Number(mark) };
}

/**
 * Starts this program again in a session of its own and resolves with the exit status of the process in
 * front: 0 once the other has taken over, else the other's own, after its errors went to this terminal.
 * Node cannot fork: see docs/decisions/0004-background.md. Contract: PROC-080.
 */
export function goToBackground(launchNofile: number): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    env: { ...process.env, [MARKER]: `${launchNofile}` },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`Error: cannot go to the background: ${error.message}\n`);
      resolve(1);
    });
    child.stdio[READY_FD]?.once('data', () => resolve(0));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** What the background process does once nothing can fail any more. Contract: PROC-081. */
export function takeOver(config: DaemonConfig, log: MainLog): void {
  log.info('daemonizing the supervisord process');
  if (config.directory !== null) changeDirectory(config.directory, log);
  process.umask(config.umask);
  writeSync(READY_FD, '.');
  closeSync(READY_FD);
  const nowhere = openSync('/dev/null', 'r+');
  for (const fd of [0, 1, 2]) libc.dup2(nowhere, fd);
  closeSync(nowhere);
}

function changeDirectory(directory: string, log: MainLog): void {
  try {
    process.chdir(directory);
    log.info(`set current directory: ${quoted(directory)}`);
  } catch (error) {
    log.critical(`can't chdir into ${quoted(directory)}: ${thrownErrno(error)}`);
  }
}
