import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Lifetime, tempDir } from './supervisors.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/build-web.mjs');

/** The console, built into a folder of its own: tests do not depend on `dist`. */
export async function builtConsole(t: Lifetime): Promise<string> {
  const folder = tempDir(t);
  await promisify(execFile)(process.execPath, [SCRIPT, folder]);
  return folder;
}
