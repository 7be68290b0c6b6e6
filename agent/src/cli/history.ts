import { readFileSync, writeFileSync } from 'node:fs';

const LONGEST = 1000;

/** Lines typed before, oldest first; none when the file cannot be read. Contract: CTL-095. */
export function loadHistory(path: string | null): string[] {
  if (path === null) return [];
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return []; // the file appears with the first save
  }
}

/** Keeps the latest lines, for the user alone: a line may hold a password in a URL. */
export function saveHistory(path: string | null, lines: readonly string[]): void {
  if (path === null) return;
  try {
    writeFileSync(
      path,
      lines
        .slice(-LONGEST)
        .map((line) => `${line}\n`)
        .join(''),
      { mode: 0o600 },
    );
  } catch {
    // a history that cannot be kept must not spoil the way out
  }
}
