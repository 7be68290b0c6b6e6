import type { MarkedProcess } from '../os/child-mark.ts';

/**
 * Those of the marked processes that outlived the child they came from: nobody is in its slot, or a child that
 * began after them. What a child that lives has put into the background is its own affair. `pidOf` is 0 without a child.
 */
export function leftBehind(
  marked: readonly MarkedProcess[],
  pidOf: (group: string, name: string) => number,
): readonly MarkedProcess[] {
  const byPid = new Map(marked.map((one) => [one.pid, one]));
  return marked.filter((one) => {
    const childPid = pidOf(one.mark.group, one.mark.name);
    if (childPid === 0) return true;
    const child = byPid.get(childPid); // unknown when it has thrown its environment away
    return child !== undefined && one.startTicks < child.startTicks;
  });
}
