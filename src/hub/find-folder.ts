import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest `name` in this folder or one above it: source and bundle lie at different depths. */
export function findFolder(from: string, name: string): string {
  const here = join(from, name);
  if (existsSync(here)) return here;
  const above = dirname(from);
  if (above === from) throw new Error(`there is no folder ${name} beside or above the program`);
  return findFolder(above, name);
}
