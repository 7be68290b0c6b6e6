import type { MainLog } from '../logs/main-log.ts';
import { claimPidFile, type PidFile } from './pid-file.ts';
import { UsageError } from './usage-error.ts';

/** The pidfile over restarts in place, which may move it. */
export class PidHolder {
  #path: string | null = null;
  #file: PidFile | null = null;
  #takenBy: number | null = null;

  /** Takes the file without writing to it yet; false while another supervisor lives there. */
  claim(path: string): boolean {
    if (path === this.#path) return true;
    this.remove();
    const claim = claimPidFile(path);
    this.#takenBy = claim.kind === 'taken' ? claim.pid : null;
    this.#file = claim.kind === 'ours' ? claim.file : null;
    this.#path = path;
    return claim.kind !== 'taken';
  }

  /** Refuses to be the second, and says who is the first: a safe difference to PROC-083. Throws UsageError. */
  insist(): void {
    if (this.#takenBy === null) return;
    const who = this.#takenBy === 0 ? 'Another supervisor' : `Another supervisor (pid ${this.#takenBy})`;
    throw new UsageError(
      `${who} is already running with the pidfile ${this.#path}.  Shut it down first before starting supervisord.`,
    );
  }

  /** Contract: PROC-083, PROC-084. */
  write(log: MainLog): void {
    try {
      if (this.#file === null) throw new Error('not ours');
      this.#file.write(process.pid);
      log.info(`supervisord started with pid ${process.pid}`);
    } catch {
      log.critical(`could not write pidfile ${this.#path}`); // a full disk or a read-only folder stops nobody
    }
  }

  /** Contract: PROC-077. */
  remove(): void {
    this.#file?.remove();
    this.#file = null;
    this.#path = null;
  }
}
