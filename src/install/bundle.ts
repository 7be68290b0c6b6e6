import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The agent as this hub hands it to hosts. */
export interface AgentBundle {
  readonly version: string;
  /** Of the file, lower-case hex. */
  readonly sha256: string;
  readonly file: string;
}

/** What the build left in `folder`; null when nothing, or nothing whole, was built there. */
export function agentBundle(folder: string): AgentBundle | null {
  const file = join(folder, 'agent.json');
  if (!existsSync(file)) return null;
  const built: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return isBundle(built) ? built : null;
}

function isBundle(built: unknown): built is AgentBundle {
  if (typeof built !== 'object' || built === null) return false;
  const { version, sha256, file } = built as Record<string, unknown>;
  return (
    typeof version === 'string' &&
    /^[0-9a-f]{64}$/.test(String(sha256)) &&
    /^agent-[\w.-]+\.tar\.gz$/.test(String(file))
  );
}

/** `dist/install` in a folder above: the same from the sources and from the bundle. */
export function installFolder(from: string = import.meta.dirname): string {
  const candidate = join(from, 'dist/install');
  const above = dirname(from);
  return above === from || existsSync(join(candidate, 'agent.json')) ? candidate : installFolder(above);
}
