import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const LONGEST = 1_000;

/** Lines typed before in `fleetvisor shell`, oldest first; none when there is no file yet. */
export function loadHistory(env: NodeJS.ProcessEnv): string[] {
  try {
    return readFileSync(historyPath(env), 'utf8').split('\n').filter(Boolean);
  } catch {
    return []; // the file appears with the first line
  }
}

/** Keeps the latest lines, for their owner alone. */
export function saveHistory(lines: readonly string[], env: NodeJS.ProcessEnv): void {
  const path = historyPath(env);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${lines.slice(-LONGEST).join('\n')}\n`, { mode: 0o600 });
  } catch {
    // a history that cannot be kept must not spoil the way out
  }
}

function historyPath(env: NodeJS.ProcessEnv): string {
  const folder = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local/state');
  return join(folder, 'fleetvisor', 'shell-history');
}
