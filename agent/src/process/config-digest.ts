import { createHash } from 'node:crypto';
import type { ProcessConfig } from '../config/config.ts';

const known = new WeakMap<ProcessConfig, string>();

/** Equal for two configurations exactly when a child of the one may go on as a child of the other. */
export function configDigest(config: ProcessConfig): string {
  const digest = known.get(config) ?? digestOf(config);
  known.set(config, digest);
  return digest;
}

function digestOf(config: ProcessConfig): string {
  const { kind, command, user, umask, directory, environment, redirectStderr, serverUrl } = config;
  const made = [
    kind,
    command,
    user,
    umask,
    directory,
    Object.entries(environment),
    redirectStderr,
    serverUrl,
  ];
  return createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 16);
}
