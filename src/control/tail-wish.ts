import type { Channel } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import type { HostView } from '../fleet/host.ts';
import type { Parsed, Problem } from '../fleet/problem.ts';
import type { ProcessView } from '../fleet/process.ts';
import { parseSelector, type Selector, selects } from '../fleet/selector.ts';
import { targetText } from '../fleet/target.ts';
import type { HostLink } from '../links/host-link.ts';
import type { FleetState } from './fleet-state.ts';

/** Logs one merged tail may hold open. */
export const MOST_SOURCES = 100;
export const MOST_LAST_BYTES = 1024 * 1024;
export interface LogTailsPorts {
  readonly fleet: FleetState;
  readonly clock: Clock;
  link(hostId: string): HostLink | null;
  /** Hears of what should never happen. */
  readonly bug?: (error: unknown) => void;
}

/** Whose logs are asked for, and by whom. */
export interface Named {
  /** Each a `host/group:process`, or a selector: all that any of them names. */
  readonly target: string | readonly string[];
  /** Whose logs the asker may read: others might as well not exist. */
  sees(host: HostView, process: ProcessView): boolean;
}

export interface TailWish extends Named {
  readonly channels: readonly Channel[];
  readonly lastBytes: number;
  /** Of each log's past at most so many lines; left out: what `lastBytes` hold. */
  readonly lines?: number | undefined;
  /** Only lines that hold this text, or fit this expression. */
  readonly text?: string | undefined;
  readonly regex?: string | undefined;
  readonly mode: 'follow' | 'once';
}

/** Said when the targets name no process, or none with a log, that the asker may read. */
export const NONE_NAMED = {
  process: { where: 'target', says: 'no process of this name is known' },
  log: { where: 'target', says: 'no log of a process of this name is known' },
} as const satisfies Record<string, Problem>;

/** Whose logs are asked for. */
export interface Wanted {
  has(host: HostView, process: ProcessView): boolean;
}

/**
 * What some texts name together: each a `host/group:process` as it stands, else a selector.
 * A name that is known now is taken as a name, whatever else it could mean.
 */
export function readTargets(
  { target, sees }: Named,
  now: { readonly hosts: readonly HostView[]; readonly processes: readonly ProcessView[] },
): Parsed<Wanted> {
  const hosts = new Map(now.hosts.map((host) => [host.id, host]));
  const known = new Set(
    now.processes.flatMap((process) => {
      const host = hosts.get(process.hostId);
      return host === undefined ? [] : nameOf(host, process);
    }),
  );
  const names = new Set<string>();
  const selectors: Selector[] = [];
  const problems: Problem[] = [];
  for (const text of typeof target === 'string' ? [target] : target) {
    const parsed = known.has(text) ? null : parseSelector(text);
    if (parsed === null) names.add(text);
    else if (parsed.ok) selectors.push(parsed.value);
    else problems.push(...parsed.problems);
  }
  const [first, ...others] = problems;
  if (first !== undefined) return { ok: false, problems: [first, ...others] };
  return {
    ok: true,
    value: {
      has: (host, process) =>
        (names.has(nameOf(host, process)) ||
          selectors.some((selector) =>
            selects(selector, { host, group: process.group, process: process.name }),
          )) &&
        sees(host, process),
    },
  };
}

/** `host/group:process` */
export function nameOf(host: Pick<HostView, 'name'>, process: Pick<ProcessView, 'group' | 'name'>): string {
  return targetText({ host: host.name, group: process.group, process: process.name });
}

/** Of the channels asked for those this process has a log for; when it has none of them, all: the host says why. */
export function channelsOf(process: ProcessView, asked: readonly Channel[]): readonly Channel[] {
  const has = asked.filter((channel) => (channel === 'stdout' ? process.hasStdout : process.hasStderr));
  return has.length === 0 && asked.length === 1 ? asked : has;
}
