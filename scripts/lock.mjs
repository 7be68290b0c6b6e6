// A lock among the scripts of one clone: a file with the pid of its holder.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Takes the lock and returns null, or the pid of the script that has it. What was left over by one that ended is taken over. */
export function takeLock(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${process.pid}`);
  try {
    for (;;) {
      try {
        linkSync(own, file); // never there without its pid
        return null;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = holderOf(file);
      if (holder !== null) return holder;
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(own);
  }
}

function holderOf(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    process.kill(pid, 0);
    return /scripts\/\w+\.mjs/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ? pid : null;
  } catch {
    return null; // no such file any more, or no such process
  }
}
