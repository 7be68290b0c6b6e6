import { allPids, processLine } from './proc-table.ts';
import { sendSignal } from './send-signal.ts';

/** A process that is still there after its parent. */
export interface Stray {
  readonly pid: number;
  readonly name: string;
  readonly group: number;
}

/** Whether anybody is in a process group, for the price of one system call. */
export function hasMembers(group: number): boolean {
  return sendSignal(-group, 0).kind !== 'gone';
}

/** The live processes of some process groups; reads the whole process table once. */
export function membersOf(groups: ReadonlySet<number>): Stray[] {
  return allPids().flatMap((pid) => {
    const line = processLine(pid);
    if (line === null || line.isEnded || !groups.has(line.group)) return [];
    return [{ pid, name: line.name, group: line.group }];
  });
}
