import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  version: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  file: z.string().regex(/^agent-[\w.-]+\.tar\.gz$/),
  platforms: z.array(z.string()),
});

/** The agent as this hub hands it to hosts. */
export type AgentBundle = Readonly<z.infer<typeof schema>>;

/** What the build left in `folder`; null when nothing was built there. */
export function agentBundle(folder: string): AgentBundle | null {
  const file = join(folder, 'agent.json');
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

/** `dist/install` in a folder above: the same from the sources and from the bundle. */
export function installFolder(from: string = import.meta.dirname): string {
  const candidate = join(from, 'dist/install');
  const above = dirname(from);
  return above === from || existsSync(join(candidate, 'agent.json')) ? candidate : installFolder(above);
}
