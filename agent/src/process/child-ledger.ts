import type { ProcessConfig } from '../config/config.ts';
import type { MarkedProcess } from '../os/child-mark.ts';
import type { ProcessIdentity } from '../os/proc-table.ts';

/** What a ledger knows of a child besides who it is. */
export interface LedgerEntry extends ProcessIdentity {
  readonly group: string;
  readonly name: string;
  /** Of everything in its configuration that made it what it is. */
  readonly digest: string;
  /** A stop was asked for. */
  readonly stopping: boolean;
  readonly stopSignal: number;
  readonly stopWaitMs: number;
  readonly stopAsGroup: boolean;
  readonly killAsGroup: boolean;
}

/** What a daemon that was killed left on this machine. */
export interface LeftBehind {
  /** Children whose end was not written down; `lives` is false where they ended without a daemon. */
  readonly written: readonly (LedgerEntry & { readonly lives: boolean; readonly upForMs: number })[];
  /** Live processes that carry this daemon's mark: children and everything they started. */
  readonly marked: readonly MarkedProcess[];
}

/** Children as written down outside of this process, for the daemon that comes after it is killed. */
export interface ChildLedger {
  /** Variables a child gets, by which it is found even without the ledger. */
  mark(config: ProcessConfig): Readonly<Record<string, string>>;
  /** Live processes that carry it now: children, what they started, and what outlived them. Reads the process table. */
  marked(): readonly MarkedProcess[];
  spawned(config: ProcessConfig, pid: number): void;
  stopping(pid: number): void;
  ended(pid: number): void;
}
