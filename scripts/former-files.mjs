// What former builds left, for a hub that goes on running with it: its pages name those files, and it loads some late.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const DAY_MS = 24 * 3_600_000;
/** Longer than a build takes: its files are a little older than the one written last. */
const BUILD_MS = 60_000;

/** From when on files are kept: those of the last day, and of the former build, which wrote `last` as one of its last. */
export async function keptFromMs(last) {
  const dayAgoMs = Date.now() - DAY_MS;
  const former = await stat(last).catch(() => null);
  return Math.min(former?.mtimeMs ?? dayAgoMs, dayAgoMs) - BUILD_MS;
}

/** Removes from a folder what is not in `made` and older; and its maps, most of its bytes, which nobody asks for any more. */
export async function removeFormer(folder, made, keptFromMs) {
  for (const name of await readdir(folder).catch(() => [])) {
    if (made.has(name)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (mtimeMs < keptFromMs || name.endsWith('.map')) await rm(join(folder, name), { force: true });
  }
}
