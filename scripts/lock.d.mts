/** Takes the lock and returns null, or the pid of the script that has it. */
export function takeLock(file: string): number | null;
