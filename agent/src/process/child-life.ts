import type { ProcessConfig } from '../config/config.ts';
import { thrownErrno } from '../os/errno.ts';
import type { Child } from '../os/os.ts';
import type { ChildEnd } from '../os/wait-status.ts';
import type { FoundCommand } from './find-command.ts';
import type { LeftChild } from './left-children.ts';
import type { HeldSocket, ProcessParts } from './process-parts.ts';
import { pipeError, type SpawnOutcome, spawnChild } from './spawn-child.ts';

/**
 * Brings a child to life with everything that lives as long as it does: its share of the socket, its open
 * logs, its place in a listener pool. `ended` is told after the last of its output is in the log.
 * Contract: PROC-020, PROC-096, PROC-104.
 */
export function beginChild(
  config: ProcessConfig,
  command: Extract<FoundCommand, { kind: 'found' }>,
  parts: ProcessParts,
  ended: (end: ChildEnd) => void,
): SpawnOutcome {
  const logError = openLogs(config, parts);
  if (logError !== null) return { says: logError };
  const socket = holdSocket(config, parts);
  if (socket !== null && 'says' in socket) return socket;
  const outcome = spawnChild(config, command, socket?.fd ?? null, parts.ports, {
    output: (channel, chunk) => {
      (channel === 'stdout' ? parts.stdout : parts.stderr)?.write(chunk);
      if (channel === 'stdout') parts.listener?.heard(config.name, chunk);
    },
    end: (end) => {
      parts.stdout.end();
      parts.stderr?.end();
      socket?.release();
      ended(end);
      parts.listener?.ended(config.name);
    },
    ...(parts.listener === null ? {} : { urgent: 'stdout' as const }),
  });
  if ('says' in outcome) socket?.release();
  else parts.listener?.spawned(config.name);
  return outcome;
}

/**
 * Goes on with a child that another daemon began; null when it is gone. What it wrote and nobody read comes first.
 * It has no share of a socket and no place in a pool: such a child is only kept until it is stopped.
 */
export function continueChild(
  config: ProcessConfig,
  left: LeftChild,
  { ports, stdout, stderr }: ProcessParts,
  ended: (end: ChildEnd) => void,
): Child | null {
  const logError = openLogs(config, { stdout, stderr });
  if (logError !== null) ports.log.warn(logError);
  return ports.os.adopt(left, left.mates, {
    output: (channel, chunk) => (channel === 'stdout' ? stdout : stderr)?.write(chunk),
    end: (end) => {
      stdout.end();
      stderr?.end();
      ended(end);
    },
  });
}

function openLogs(
  config: ProcessConfig,
  { stdout, stderr }: Pick<ProcessParts, 'stdout' | 'stderr'>,
): string | null {
  try {
    stdout.open();
    stderr?.open();
    return null;
  } catch (error) {
    return pipeError(config.name, thrownErrno(error));
  }
}

function holdSocket(
  config: ProcessConfig,
  parts: ProcessParts,
): HeldSocket | { readonly says: string } | null {
  try {
    return parts.holdSocket?.() ?? null;
  } catch (error) {
    return { says: `Could not create FastCGI socket ${config.fcgiSocket?.url}: ${thrownErrno(error)}` };
  }
}
