import type { ProcessConfig } from '../config/config.ts';
import type { Child, ChildEars, Spawned, SpawnRequest } from '../os/os.ts';
import { childEnvironment } from './child-environment.ts';
import type { FoundCommand } from './find-command.ts';
import type { Ports } from './process-parts.ts';

type Found = Extract<FoundCommand, { kind: 'found' }>;

/** A child, or the spawn error in supervisord's words. Contract: PROC-020, PROC-024 to PROC-029. */
export type SpawnOutcome = { readonly child: Child } | { readonly says: string };

/**
 * Starts the command of a process. What goes wrong after the fork looks as with supervisord: a child that says
 * so on its stderr and exits 127.
 */
export function spawnChild(
  config: ProcessConfig,
  command: Found,
  socketFd: number | null,
  { os, ledger }: Pick<Ports, 'os' | 'ledger'>,
  hear: ChildEars,
): SpawnOutcome {
  const request: SpawnRequest = {
    file: command.file,
    argv: command.argv,
    env: { ...childEnvironment(config, os.environment()), ...ledger.mark(config) },
    directory: config.directory,
    umask: config.umask,
    user: config.user,
    stdin: socketFd === null ? 'pipe' : { fd: socketFd },
    stderr: config.redirectStderr ? 'stdout' : 'pipe',
    hear,
  };
  const spawned = os.spawn(request);
  if (spawned.kind === 'spawned') return { child: spawned.child };
  if (spawned.at === 'pipes') return { says: pipeError(config.name, spawned.errno) };
  if (spawned.at === 'fork') return { says: forkError(config.name, spawned.errno) };
  const lastWords = os.spawn(sayAndExit(request, childError(config, command, spawned)));
  return spawnedOr(lastWords, () => forkError(config.name, spawned.errno));
}

function spawnedOr(spawned: Spawned, says: () => string): SpawnOutcome {
  return spawned.kind === 'spawned' ? { child: spawned.child } : { says: says() };
}

/** Also the text of a log that cannot be opened. */
export function pipeError(name: string, errno: string): string {
  if (errno === 'EMFILE') return `too many open files to spawn '${name}'`;
  return `unknown error making dispatchers for '${name}': ${errno}`;
}

function forkError(name: string, errno: string): string {
  if (errno === 'EAGAIN') return `Too many processes in process table to spawn '${name}'`;
  return `unknown error during fork for '${name}': ${errno}`;
}

const USER_ERRORS: Record<string, string> = { EPERM: "Can't drop privilege as nonroot user" };

function childError(config: ProcessConfig, command: Found, failed: { at: string; errno: string }): string {
  if (failed.at === 'user') {
    const why = USER_ERRORS[failed.errno] ?? 'Could not set groups of effective user';
    return `couldn't setuid to ${config.user?.uid}: ${why}`;
  }
  if (failed.at === 'directory') return `couldn't chdir to ${config.directory}: ${failed.errno}`;
  return `couldn't exec ${command.argv[0]}: ${failed.errno}`;
}

/** A child that ends as supervisord's own does when it cannot become the program. */
function sayAndExit(request: SpawnRequest, says: string): SpawnRequest {
  const text = `supervisor: ${says}\nsupervisor: child process was not spawned\n`;
  return {
    ...request,
    file: '/bin/sh',
    argv: ['sh', '-c', 'printf %s "$1" >&2; exit 127', 'sh', text],
    env: {},
    directory: null,
    user: null,
  };
}
