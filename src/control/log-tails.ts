import type { Parsed } from '../fleet/problem.ts';
import type { FleetState } from './fleet-state.ts';
import { lineFilter } from './line-filter.ts';
import type { TailedLine } from './log-tail.ts';
import { Merge } from './merge.ts';
import { Pace } from './pace.ts';
import { TailMembers } from './tail-members.ts';
import { TailNewsDesk } from './tail-news.ts';
import { type LogTailsPorts, readTargets, type TailWish, type Wanted } from './tail-wish.ts';

/** What one tail may read, and all of them together: beyond it the hosts leave out and say so. */
const TAIL_BYTES_PER_SECOND = 8 * 1024 * 1024;
const ALL_BYTES_PER_SECOND = 24 * 1024 * 1024;

/** An open tail over one or many logs. Nothing is read ahead of the reader but a window of 1 MiB in all. */
export interface LogTail {
  readonly lines: AsyncIterable<readonly TailedLine[]>;
  /** Ends the lines also when somebody is waiting for them. */
  close(): void;
}

export class LogTails {
  readonly #ports: LogTailsPorts;
  readonly #pace: Pace;
  readonly #desk: TailNewsDesk;

  constructor(ports: LogTailsPorts) {
    this.#ports = ports;
    this.#pace = new Pace(ALL_BYTES_PER_SECOND, ports.clock);
    this.#desk = new TailNewsDesk(ports.fleet, ports.bug ?? (() => {}));
  }

  /** While followed, a tail keeps to its targets: processes that come to be named join it, others leave it with a note. */
  open(wish: TailWish): Parsed<LogTail> {
    const { fleet, clock } = this.#ports;
    const filter = lineFilter(wish);
    if (!filter.ok) return filter;
    const targets = typeof wish.target === 'string' ? [wish.target] : wish.target;
    const now = readable(fleet, wish);
    const wanted = readTargets(targets, now);
    if (!wanted.ok) return wanted;
    const merge = new Merge<readonly TailedLine[]>(
      wish.mode === 'follow' ? 'when closed' : 'with its last stream',
    );
    const pace = new Pace(TAIL_BYTES_PER_SECOND, clock, this.#pace);
    const members = new TailMembers(
      { wanted: within(wish, wanted.value), wish, filter: filter.value, pace, merge, desk: this.#desk },
      this.#ports,
    );
    const problem = members.begin(now);
    if (problem !== null) return { ok: false, problems: [problem] };
    const close = (): void => {
      members.close();
      merge.close();
    };
    return { ok: true, value: { lines: closing(merge, close), close } };
  }
}

/** A reader that leaves early closes too. */
async function* closing<T>(lines: AsyncIterable<T>, close: () => void): AsyncGenerator<T> {
  try {
    yield* lines;
  } finally {
    close();
  }
}

/** Also what comes into the tail later is only what the asker may read. */
function within({ sees }: TailWish, wanted: Wanted): Wanted {
  return { has: (host, process) => sees(host, process) && wanted.has(host, process) };
}

function readable(fleet: FleetState, { sees }: Pick<TailWish, 'sees'>) {
  const hosts = fleet.hosts();
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const processes = fleet.processes().filter((process) => {
    const host = byId.get(process.hostId);
    return host !== undefined && sees(host, process);
  });
  return { hosts, processes };
}
