import type { MainLog } from '../logs/main-log.ts';
import type { Cancel, Clock } from '../os/clock.ts';
import type { Child, Os } from '../os/os.ts';
import { formatNamespec } from '../protocol/namespec.ts';
import type { ChildLedger, LeftBehind } from './child-ledger.ts';
import { fateOf, type LeftChild, sortLeft } from './left-children.ts';
import type { SupervisedProcess } from './supervised-process.ts';

const SIGTERM = 15;
const SIGKILL = 9;
const DEFAULT_STOP_WAIT_MS = 10_000;

export interface TakeOverPorts {
  readonly os: Os;
  readonly clock: Clock;
  readonly log: MainLog;
  readonly ledger: ChildLedger;
  /** The daemon's own user. */
  readonly uid: number;
  process(group: string, name: string): SupervisedProcess | undefined;
}

/**
 * Puts what a killed daemon left behind in order before anything starts, so that there are never two copies of
 * a program: see docs/decisions/0005-left-children.md. Answers how to end at once those that are being stopped
 * and belong to no process.
 */
export function takeOverLeft(left: LeftBehind, ports: TakeOverPorts): () => void {
  const { children, strays } = sortLeft(
    left,
    (group, name) => ports.process(group, name)?.config.user?.uid ?? ports.uid,
  );
  const endings = children.map((child) => settle(child, ports));
  for (const { pid, name, mark } of strays) {
    ports.log.warn(
      `stray: ${name} (pid ${pid}) was started by ${formatNamespec(mark.group, mark.name)} and outlived it`,
    );
  }
  return () => {
    for (const endNow of endings) endNow();
  };
}

function settle(left: LeftChild, ports: TakeOverPorts): () => void {
  const process = ports.process(left.group, left.name);
  const fate = fateOf(left, process?.config ?? null, process !== undefined && process.pid > 0);
  if (process === undefined || fate === 'end') return endLeft(left, ports);
  process.takeOver(left, fate);
  return () => {};
}

/** Stops a child that belongs to no process as it would have been stopped, then with SIGKILL. */
function endLeft(left: LeftChild, { os, clock, log, ledger }: TakeOverPorts): () => void {
  const who = `${formatNamespec(left.group, left.name)} (pid ${left.pid})`;
  let cancel: Cancel = () => {};
  const child: Child | null = os.adopt(left, left.mates, {
    output: () => {},
    end: () => {
      cancel();
      ledger.ended(left.pid);
      log.info(`stopped: ${who}, left by the daemon before this one and no longer wanted`);
    },
  });
  if (child === null) {
    ledger.ended(left.pid);
    return () => {};
  }
  const { stopSignal = SIGTERM, stopWaitMs = DEFAULT_STOP_WAIT_MS } = left.entry ?? {};
  const kill = (): void => {
    child.signal(SIGKILL, left.entry?.killAsGroup ? 'group' : 'child');
  };
  log.warn(`stopping ${who}, left by the daemon before this one and no longer wanted`);
  child.signal(stopSignal, left.entry?.stopAsGroup ? 'group' : 'child');
  cancel = clock.after(stopWaitMs, kill);
  return kill;
}
