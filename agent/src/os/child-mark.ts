import {
  allPids,
  environmentValue,
  type ProcessLine,
  processLine,
  sharesOurPids,
  soleUser,
  upForMs,
} from './proc-table.ts';

const VARIABLE = 'FLEETVISORD_CHILD';

/** Whose child a process is: written into its environment, so that it is known even when every file is lost. */
export interface ChildMark {
  /** The daemon that started it. */
  readonly daemonPid: number;
  readonly group: string;
  readonly name: string;
  /** There is one daemon to a pidfile, so this names the daemon over all its lives. */
  readonly pidFile: string;
}

/** A process with a mark: a child, or what a child started. */
export interface MarkedProcess extends ProcessLine {
  readonly mark: ChildMark;
  readonly upForMs: number;
  /** Null when its ids differ. */
  readonly user: number | null;
}

export function markVariable({ daemonPid, group, name, pidFile }: ChildMark): Record<string, string> {
  return { [VARIABLE]: `${daemonPid}:${group}:${name}:${pidFile}` };
}

/** Every live process of this machine that carries a mark of that pidfile. */
export function findMarked(pidFile: string): MarkedProcess[] {
  return allPids().flatMap((pid) => {
    const mark = readMark(environmentValue(pid, VARIABLE));
    if (mark === null || mark.pidFile !== pidFile || !sharesOurPids(pid)) return [];
    const line = processLine(pid);
    return line === null || line.isEnded
      ? []
      : [{ ...line, mark, upForMs: upForMs(line), user: soleUser(pid) }];
  });
}

function readMark(text: string | null): ChildMark | null {
  const [, daemonPid, group, name, pidFile] = /^(\d+):([^:]*):([^:]*):(.*)$/s.exec(text ?? '') ?? [];
  if (group === undefined || name === undefined || pidFile === undefined) return null;
  return { daemonPid: Number(daemonPid), group, name, pidFile };
}
