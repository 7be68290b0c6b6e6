import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { ProcessConfig } from '../config/config.ts';
import type { MainLog } from '../logs/main-log.ts';
import { findMarked, type MarkedProcess, markVariable } from '../os/child-mark.ts';
import { thrownErrno } from '../os/errno.ts';
import { bootId, isAlive, processLine, upForMs } from '../os/proc-table.ts';
import type { ChildLedger, LedgerEntry, LeftBehind } from '../process/child-ledger.ts';
import { configDigest } from '../process/config-digest.ts';
import {
  LEDGER_VERSION,
  type LedgerLine,
  ledgerText,
  lineText,
  readLedgerText,
} from './child-ledger-lines.ts';

/** Written anew once this many lines tell of children that are gone. */
const MOST_OLD_LINES = 1_000;
const PRIVATE = 0o600;

/**
 * The state file beside the pidfile: one line as a child begins, is being stopped, and ends. It is there only
 * while the daemon lives or after it was killed. When it cannot be written the daemon goes on, says so once, and
 * its children are still known by their mark.
 */
export class ChildLedgerFile implements ChildLedger {
  readonly #path: string;
  readonly #pidFile: string;
  readonly #log: MainLog;
  readonly #entries = new Map<number, LedgerEntry>();
  /** Null: not there yet, or it cannot be written and the next line tries all of it again. */
  #lines: number | null = null;
  #isTold = false;

  constructor(pidFile: string, log: MainLog) {
    this.#pidFile = pidFile;
    this.#path = `${pidFile}.children`;
    this.#log = log;
  }

  /** What the daemon before this one left, if it was killed. Call it only with the pidfile in hand. */
  leftBehind(): LeftBehind {
    const written = this.#read().map((entry) => ({
      ...entry,
      lives: isAlive(entry),
      upForMs: upForMs(entry),
    }));
    for (const { lives, upForMs: _, ...entry } of written) if (lives) this.#entries.set(entry.pid, entry);
    if (written.length > 0) this.#attempt(() => this.#writeAll()); // the ended are no longer anybody's
    return { written, marked: this.marked() };
  }

  marked(): readonly MarkedProcess[] {
    return findMarked(this.#pidFile);
  }

  mark({ group, name }: ProcessConfig): Readonly<Record<string, string>> {
    return markVariable({ daemonPid: process.pid, group, name, pidFile: this.#pidFile });
  }

  spawned(config: ProcessConfig, pid: number): void {
    const line = processLine(pid);
    if (line === null) return;
    const { group, name, stopSignal, stopWaitMs, stopAsGroup, killAsGroup } = config;
    const entry: LedgerEntry = {
      ...{ pid, startTicks: line.startTicks, group, name, digest: configDigest(config), stopping: false },
      ...{ stopSignal, stopWaitMs, stopAsGroup, killAsGroup },
    };
    this.#entries.set(pid, entry);
    this.#append({ what: 'spawned', ...entry });
  }

  stopping(pid: number): void {
    const entry = this.#entries.get(pid);
    if (entry === undefined) return;
    this.#entries.set(pid, { ...entry, stopping: true });
    this.#append({ what: 'stopping', pid });
  }

  ended(pid: number): void {
    if (this.#entries.delete(pid)) this.#append({ what: 'ended', pid });
  }

  /** Every child has ended in order: the next daemon has nothing to look for. */
  remove(): void {
    this.#lines = null;
    try {
      rmSync(this.#path, { force: true });
    } catch (error) {
      this.#log.warn(`could not remove state file ${this.#path} (${thrownErrno(error)})`);
    }
  }

  #append(line: LedgerLine): void {
    this.#attempt(() => {
      if (this.#lines === null || this.#lines > this.#entries.size + MOST_OLD_LINES) this.#writeAll();
      else appendFileSync(this.#path, lineText(line));
      this.#lines = (this.#lines ?? 0) + 1;
    });
  }

  /** What cannot be brought up to date is removed: marks tell more than a file that is wrong. */
  #attempt(write: () => void): void {
    try {
      write();
      this.#isTold = false;
    } catch (error) {
      this.#lines = null;
      this.#tellOnce(thrownErrno(error));
      try {
        rmSync(this.#path, { force: true });
      } catch {
        // a folder nobody can write to: that was told just now
      }
    }
  }

  /** In one step: whoever reads it finds the old or the new one. */
  #writeAll(): void {
    const made = `${this.#path}.new`;
    rmSync(made, { force: true });
    const text = ledgerText({ version: LEDGER_VERSION, boot: bootId() }, this.#entries.values());
    writeFileSync(made, text, { mode: PRIVATE, flag: 'wx' });
    renameSync(made, this.#path);
    this.#lines = this.#entries.size;
  }

  #tellOnce(errno: string): void {
    if (!this.#isTold)
      this.#log.critical(
        `could not write state file ${this.#path} (${errno}): children are kept in memory, and known by their environment alone if this daemon is killed`,
      );
    this.#isTold = true;
  }

  #read(): readonly LedgerEntry[] {
    try {
      const read = readLedgerText(readOwnFile(this.#path));
      if (read.kind === 'damaged') this.#putAside(read.says);
      if (read.boot !== bootId()) return [];
      if (!read.entries.some(isFromTheFuture)) return read.entries;
      this.#putAside('its times are from the future');
      return [];
    } catch (error) {
      const errno = thrownErrno(error);
      if (errno !== 'ENOENT') this.#putAside(errno);
      return [];
    }
  }

  #putAside(says: string): void {
    const aside = `${this.#path}.damaged`;
    try {
      renameSync(this.#path, aside);
      this.#log.critical(
        `state file ${this.#path}: ${says}; it is kept as ${aside}, and children are looked for by their environment`,
      );
    } catch (error) {
      this.#log.critical(`state file ${this.#path}: ${says}; it cannot be renamed (${thrownErrno(error)})`);
    }
  }
}

function isFromTheFuture(entry: LedgerEntry): boolean {
  return upForMs(entry) < 0;
}

/** Throws the system's error; `EPERM` for what another user could have written. */
function readOwnFile(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { uid } = fstatSync(fd);
    if (uid !== 0 && uid !== process.getuid?.()) throw Object.assign(new Error(path), { code: 'EPERM' });
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}
