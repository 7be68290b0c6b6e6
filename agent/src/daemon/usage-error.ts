/** Why the daemon cannot start, in supervisord's words where it has some; main prints it and exits 2. Contract: CFG-004. */
export class UsageError extends Error {
  constructor(says: string) {
    super(says);
    this.name = 'UsageError';
  }
}
