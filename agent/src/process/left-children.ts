import type { ProcessConfig } from '../config/config.ts';
import type { MarkedProcess } from '../os/child-mark.ts';
import type { ProcessIdentity } from '../os/proc-table.ts';
import type { LedgerEntry, LeftBehind } from './child-ledger.ts';
import { configDigest } from './config-digest.ts';

/** A child of a daemon that was killed. */
export interface LeftChild extends ProcessIdentity {
  readonly group: string;
  readonly name: string;
  readonly upForMs: number;
  /** Null when only its mark tells of it. */
  readonly entry: LedgerEntry | null;
  /** Processes with the same mark: itself and what it started. */
  readonly mates: readonly number[];
}

/** `keep`: it goes on where it is. `replace`: it is stopped before a new one starts. `end`: it is stopped for good. */
export type Fate = 'keep' | 'replace' | 'end';

export interface SortedLeft {
  readonly children: readonly LeftChild[];
  /** Processes that children started and that outlived them. */
  readonly strays: readonly MarkedProcess[];
}

type UserOf = (group: string, name: string) => number;

/**
 * Finds the children among the processes left behind: those written down, and in slots of which nothing is
 * written the process that leads a group, as a child does, and is the oldest to do so.
 */
export function sortLeft({ written, marked }: LeftBehind, userOf: UserOf): SortedLeft {
  const slots = bySlot(marked);
  const matesOf = (slot: Slot): number[] => (slots.get(slotKey(slot)) ?? []).map(({ pid }) => pid);
  const isWritten = new Set(written.map(slotKey));
  const unwritten = [...slots.entries()].flatMap(([key, members]) => {
    const first = isWritten.has(key) ? undefined : members.filter(leadsLikeAChild(userOf)).sort(byAge)[0];
    return first === undefined ? [] : [first];
  });
  const children: LeftChild[] = [
    ...written
      .filter(({ lives }) => lives)
      .map((entry) => ({ ...identity(entry), ...slotOf(entry), entry, mates: matesOf(entry) })),
    ...unwritten.map((one) => ({
      ...identity(one),
      ...slotOf(one.mark),
      entry: null,
      mates: matesOf(one.mark),
    })),
  ];
  const pids = new Set(children.map(({ pid }) => pid));
  return { children, strays: marked.filter((one) => !descendsFrom(pids, one, marked)) };
}

/**
 * What becomes of a left child. Kept is only what cannot tell the difference: an ordinary program whose
 * configuration would make the same child. A listener has lost its place in the protocol, a FastCGI child its socket.
 */
export function fateOf(left: LeftChild, config: ProcessConfig | null, slotIsTaken: boolean): Fate {
  if (config === null || slotIsTaken) return 'end';
  if (config.kind !== 'program') return 'replace';
  if (left.entry === null) return 'keep';
  return left.entry.stopping || left.entry.digest !== configDigest(config) ? 'replace' : 'keep';
}

interface Slot {
  readonly group: string;
  readonly name: string;
}

const slotKey = ({ group, name }: Slot): string => `${group}:${name}`;
const slotOf = ({ group, name }: Slot): Slot => ({ group, name });
const identity = ({ pid, startTicks, upForMs }: ProcessIdentity & { readonly upForMs: number }) => ({
  ...{ pid, startTicks, upForMs },
});
const byAge = (one: MarkedProcess, other: MarkedProcess): number => one.startTicks - other.startTicks;

function bySlot(marked: readonly MarkedProcess[]): Map<string, MarkedProcess[]> {
  const slots = new Map<string, MarkedProcess[]>();
  for (const one of marked) {
    const key = slotKey(one.mark);
    slots.set(key, [...(slots.get(key) ?? []), one]);
  }
  return slots;
}

/** A mark alone could be forged by anybody, so whoever acts for another user than the program's is not believed. */
const leadsLikeAChild =
  (userOf: UserOf) =>
  ({ pid, group, session, parent, user, mark }: MarkedProcess): boolean =>
    group === pid && session !== pid && parent !== mark.daemonPid && user === userOf(mark.group, mark.name);

/** Itself counts too. */
function descendsFrom(
  pids: ReadonlySet<number>,
  one: MarkedProcess,
  marked: readonly MarkedProcess[],
): boolean {
  if (pids.has(one.pid)) return true;
  const parent = marked.find(({ pid }) => pid === one.parent);
  return parent !== undefined && descendsFrom(pids, parent, marked);
}
