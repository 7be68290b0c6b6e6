#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Signals handed on; after those that end a program the proxy ends too. Contract: PROC-124. */
const ENDS = {
  SIGTERM: true,
  SIGINT: true,
  SIGQUIT: true,
  SIGHUP: false,
  SIGUSR1: false,
  SIGUSR2: false,
} as const;

const [pidFile, command, ...args] = process.argv.slice(2);
if (pidFile === undefined || command === undefined) {
  process.stdout.write('pidproxy <pidfile name> <command> [<cmdarg1> ...]\n');
  process.exit(1);
}

// Before the child is there: whoever sees it may send a signal at once.
for (const [signal, ends] of Object.entries(ENDS)) {
  process.on(signal, () => {
    if (handOn(pidFile, signal) && ends) process.exit(0);
  });
}

const child = spawn(resolve(command), args, { stdio: 'inherit', argv0: command });
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(0);
});
child.on('exit', () => process.exit(0)); // the exit status is not passed on: PROC-125

/** False when there is nobody to hand it to: then the signal is dropped. Contract: PROC-125. */
function handOn(file: string, signal: string): boolean {
  const pid = pidIn(file);
  if (pid === null) {
    process.stdout.write(`Can't read child pidfile ${file}!\n`);
    return false;
  }
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    return false;
  }
}

function pidIn(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 0 ? pid : null;
  } catch {
    return null; // said by the caller
  }
}
