import type { HostView } from '../../api/contract.ts';
import { type ProcessView, processKey } from '../../fleet/process.ts';

/**
 * A hub that was restarted does not know yet what its hosts run: what this browser saw last stays for each of them,
 * as something old, until that host was heard.
 */
export class HeldOver {
  readonly #keysOf = new Map<string, Set<string>>();

  /** What to show of earlier besides a new snapshot. */
  from(before: Iterable<ProcessView>, now: Iterable<HostView>, known: ReadonlySet<string>): ProcessView[] {
    this.#keysOf.clear();
    for (const { id, reachability } of now)
      if (reachability.kind === 'connecting') this.#keysOf.set(id, new Set());
    const held: ProcessView[] = [];
    for (const process of before) {
      const keys = this.#keysOf.get(process.hostId);
      const key = processKey(process);
      if (keys === undefined || known.has(key)) continue;
      keys.add(key);
      held.push({ ...process, fresh: false });
    }
    return held;
  }

  /** The hub told of these now; gives the keys of what is not there any more. */
  told(hosts: readonly HostView[], processes: readonly ProcessView[]): readonly string[] {
    for (const process of processes) this.#keysOf.get(process.hostId)?.delete(processKey(process));
    const gone: string[] = [];
    for (const { id, reachability, processCount } of hosts) {
      const keys = this.#keysOf.get(id);
      const isHeard = reachability.kind === 'reachable' && (processCount > 0 || keys?.size === 0);
      if (keys === undefined || !isHeard) continue;
      gone.push(...keys);
      this.#keysOf.delete(id);
    }
    return gone;
  }
}
