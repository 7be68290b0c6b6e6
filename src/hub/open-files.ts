import { readFileSync } from 'node:fs';

/** How many files this process, and a hub started like it, may have open; null where the system does not tell. */
export function openFileLimit(): number | null {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return line === null ? null : Number(line[1]);
  } catch {
    return null; // no /proc here
  }
}
