import { allPids, processLine } from './proc-table.ts';
import { sendSignal } from './send-signal.ts';

/** A process that is still there after its parent. */
export interface Stray {
  readonly pid: number;
  readonly name: string;
}

/** The live processes of a process group. Costs one system call when there are none, which is the rule. */
export function groupMembers(group: number): Stray[] {
  if (sendSignal(-group, 0).kind === 'gone') return [];
  return allPids().flatMap((pid) => {
    const line = processLine(pid);
    return line !== null && line.group === group && !line.isEnded ? [{ pid, name: line.name }] : [];
  });
}
