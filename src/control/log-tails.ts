import type { Channel } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import type { Parsed } from '../fleet/problem.ts';
import type { ProcessView } from '../fleet/process.ts';
import { parseSelector, selects } from '../fleet/selector.ts';
import { targetText } from '../fleet/target.ts';
import type { HostLink } from '../links/host-link.ts';
import type { FleetState } from './fleet-state.ts';
import { type TailedLine, type TailSource, tailLines } from './log-tail.ts';
import { merge } from './merge.ts';

const MOST_SOURCES = 100;
export const MOST_LAST_BYTES = 1024 * 1024;

export interface LogTailsPorts {
  readonly fleet: FleetState;
  readonly clock: Clock;
  link(hostId: string): HostLink | null;
}

export interface TailWish {
  /** `host/group:process`, or a selector: then the tails of all it names, merged. */
  readonly target: string;
  readonly channels: readonly Channel[];
  readonly lastBytes: number;
  readonly mode: 'follow' | 'once';
}

/** An open tail over one or many logs. Nothing is read ahead of the reader. */
export interface LogTail {
  readonly lines: AsyncIterable<readonly TailedLine[]>;
  /** Ends the lines also when somebody is waiting for them. */
  close(): void;
}

export class LogTails {
  readonly #ports: LogTailsPorts;

  constructor(ports: LogTailsPorts) {
    this.#ports = ports;
  }

  open(wish: TailWish): Parsed<LogTail> {
    const named = this.#named(wish.target);
    if (!named.ok) return named;
    const sources = named.value.flatMap((process) => this.#sourcesOf(process, wish));
    if (sources.length === 0) return problem('no process of this name is known');
    if (sources.length > MOST_SOURCES)
      return problem(`names ${sources.length} logs; at most ${MOST_SOURCES} can be followed at once`);
    return {
      ok: true,
      value: {
        lines: merge(sources.map((source) => tailLines(source, this.#ports.clock))),
        close: () => {
          for (const source of sources) source.tail.close();
        },
      },
    };
  }

  #named(target: string): Parsed<ProcessView[]> {
    const hosts = new Map(this.#ports.fleet.hosts().map((host) => [host.id, host]));
    const processes = this.#ports.fleet.processes().flatMap((process) => {
      const host = hosts.get(process.hostId);
      return host === undefined
        ? []
        : { process, host, candidate: { host, group: process.group, process: process.name } };
    });
    const exact = processes.filter(({ host, process }) => nameOf(host.name, process) === target);
    if (exact.length > 0) return { ok: true, value: exact.map(({ process }) => process) };
    const selector = parseSelector(target);
    if (!selector.ok) return selector;
    const selected = processes.filter(({ candidate }) => selects(selector.value, candidate));
    return { ok: true, value: selected.map(({ process }) => process) };
  }

  #sourcesOf(process: ProcessView, { channels, lastBytes, mode }: TailWish): TailSource[] {
    const link = this.#ports.link(process.hostId);
    const host = this.#ports.fleet.host(process.hostId);
    if (link === null || host === null) return [];
    const bytes = Math.min(lastBytes, MOST_LAST_BYTES);
    return channels.map((channel) => ({
      name: nameOf(host.name, process),
      channel,
      lastBytes: bytes,
      tail: link.tail({
        group: process.group,
        process: process.name,
        channel,
        lastBytes: bytes,
        follow: mode === 'follow',
      }),
    }));
  }
}

const nameOf = (host: string, process: ProcessView): string =>
  targetText({ host, group: process.group, process: process.name });

function problem(says: string): { ok: false; problems: [{ where: string; says: string }] } {
  return { ok: false, problems: [{ where: 'target', says }] };
}
