import { isTrouble, type Mark, stateWord } from './marks.ts';
import type { Reader } from './reader.ts';
import type { World } from './world.ts';

export interface FleetCount {
  readonly mark: Mark | 'hosts' | 'up' | 'processes';
  readonly n: number;
  readonly word: string;
  readonly link: string;
  /** Filled or washed; false at zero and for the quiet states. */
  readonly loud: boolean;
}

export interface FleetLine {
  readonly hosts: readonly FleetCount[];
  readonly processes: readonly FleetCount[];
  /** The four that matter on a phone: never hidden, grey at zero. */
  readonly cells: readonly FleetCount[];
  readonly bar: readonly BarPart[];
  readonly total: number;
  readonly hostTotal: number;
}

export interface BarPart {
  readonly mark: Mark;
  readonly x: number;
  readonly width: number;
}

/** Always there, in this order; the others only when there are any. */
const ALWAYS: ReadonlySet<Mark> = new Set([
  'fatal',
  'backoff',
  'flapping',
  'starting',
  'running',
  'exited',
  'stopped',
]);
const ORDER: readonly Mark[] = [
  'fatal',
  'backoff',
  'flapping',
  'crashed',
  'unknown',
  'starting',
  'stopping',
  'running',
  'exited',
  'stopped',
  'stale',
];

export function fleetLine(world: World, reader: Reader): FleetLine {
  const { say } = reader;
  const counts = countMarks(world.members.map((member) => member.counted));
  const unreachable = world.hosts.filter((host) => host.reachability.kind === 'unreachable').length;
  const up = world.hosts.filter((host) => host.reachability.kind === 'reachable').length;
  const process = (mark: Mark): FleetCount => ({
    mark,
    n: counts.get(mark) ?? 0,
    word: markWord(mark, reader),
    link: `/processes?state=${mark}`,
    loud: isTrouble(mark) && (counts.get(mark) ?? 0) > 0,
  });
  const lost: FleetCount = {
    mark: 'unreachable',
    n: unreachable,
    word: say('mark.unreachable'),
    link: '/hosts?state=unreachable',
    loud: unreachable > 0,
  };
  return {
    hosts: [
      {
        mark: 'hosts',
        n: world.hosts.length,
        word: say('fleet.hosts', { n: world.hosts.length }),
        link: '/hosts',
        loud: false,
      },
      { mark: 'up', n: up, word: say('fleet.up'), link: '/hosts?state=up', loud: false },
      lost,
    ],
    processes: [
      {
        mark: 'processes',
        n: world.members.length,
        word: say('fleet.processes', { n: world.members.length }),
        link: '/processes',
        loud: false,
      },
      ...ORDER.map(process).filter(({ mark, n }) => n > 0 || ALWAYS.has(mark as Mark)),
    ],
    cells: [process('fatal'), lost, process('backoff'), process('flapping')],
    bar: stateBar(world),
    total: world.members.length,
    hostTotal: world.hosts.length,
  };
}

export function countMarks(of: Iterable<readonly Mark[]>): Map<Mark, number> {
  const counts = new Map<Mark, number>();
  for (const marks of of) for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  return counts;
}

export function markWord(mark: Mark, { say }: Reader): string {
  const word = stateWord(mark);
  if (mark === 'crashed') return say('mark.crashed');
  return (
    word ?? say(mark === 'flapping' ? 'mark.flapping' : mark === 'stale' ? 'mark.stale' : 'mark.unreachable')
  );
}

const BAR_WIDTH = 1000;
const SHORTEST = 8;

/** Worst at the left; each state at least wide enough to be seen, so that one FATAL in 10,000 still shows. */
function stateBar(world: World): BarPart[] {
  const counts = countMarks(world.members.map((member) => [member.mark]));
  const present = ([...BAR_ORDER] as Mark[]).filter((mark) => counts.has(mark));
  const spare = BAR_WIDTH - present.length * SHORTEST;
  let x = 0;
  return present.map((mark) => {
    const width = SHORTEST + (spare * (counts.get(mark) ?? 0)) / Math.max(1, world.members.length);
    const part = { mark, x: Number(x.toFixed(2)), width: Number(width.toFixed(2)) };
    x += width;
    return part;
  });
}

const BAR_ORDER: readonly Mark[] = [
  'fatal',
  'backoff',
  'flapping',
  'crashed',
  'unknown',
  'stale',
  'starting',
  'stopping',
  'stopped',
  'exited',
  'running',
];
