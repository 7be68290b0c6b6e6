import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Returns once a file, or the names in a folder, would survive a power cut. */
export function sync(path: string): void {
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
