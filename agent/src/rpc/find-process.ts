import type { Process, ProcessGroup, Supervisor } from '../process/supervisor.ts';
import { parseNamespec } from '../protocol/namespec.ts';
import { Fault } from './faults.ts';

/** The group of that name. Faults: BAD_NAME. */
export function findGroup(supervisor: Supervisor, name: string): ProcessGroup {
  const group = supervisor.group(name);
  if (group === undefined) throw new Fault('BAD_NAME', name);
  return group;
}

/** What a namespec names; `process` is null for `group:*`. Faults: BAD_NAME. Contract: RPC-034, RPC-035, RPC-037. */
export function findTarget(
  supervisor: Supervisor,
  namespec: string,
): { readonly group: ProcessGroup; readonly process: Process | null } {
  const names = parseNamespec(namespec);
  const group = supervisor.group(names.group);
  if (group === undefined) throw new Fault('BAD_NAME', namespec);
  if (names.process === null) return { group, process: null };
  const process = group.process(names.process);
  if (process === undefined) throw new Fault('BAD_NAME', namespec);
  return { group, process };
}

/** The one process a namespec names; a whole group is BAD_NAME here. Contract: RPC-036. */
export function findProcess(supervisor: Supervisor, namespec: string): Process {
  const { process } = findTarget(supervisor, namespec);
  if (process === null) throw new Fault('BAD_NAME', namespec);
  return process;
}

/** Members in the order batches act: by priority, ties as stored. Contract: PROC-015. */
export function byPriority(group: ProcessGroup): readonly Process[] {
  return group.processes.toSorted((a, b) => a.config.priority - b.config.priority);
}

/** All processes, groups in start order, members by priority. */
export function allByPriority(supervisor: Supervisor): readonly Process[] {
  return supervisor.groups().flatMap(byPriority);
}
