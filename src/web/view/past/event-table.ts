import type { FleetEvent } from '../../../api/contract.ts';
import { tellsOnlyStatus } from '../../../fleet/spawn-error.ts';
import { clockOrDay, fullTime, listed } from '../format.ts';
import { markOf } from '../marks.ts';
import type { Reader } from '../reader.ts';
import { sentence } from '../sentence.ts';
import { shortName } from '../world.ts';
import { causeOf } from './crash-list.ts';

const HOST_MARKS = {
  reachable: 'running',
  unreachable: 'unreachable',
  connecting: 'starting',
  disabled: 'stopped',
} as const;

/** What happened, newest first; `of` says which names stand in front. */
export function eventTable(
  events: readonly FleetEvent[],
  named: 'nothing' | 'process' | 'target',
  reader: Reader,
): unknown[] {
  return events.map((event) => ({
    key: event.id,
    time: clockOrDay(event.atMs, reader),
    title: fullTime(event.atMs, reader),
    name: nameOf(event, named),
    ...(event.kind === 'host' ? hostWords(event, reader) : processWords(event, reader)),
  }));
}

function nameOf(event: FleetEvent, named: 'nothing' | 'process' | 'target'): string {
  if (event.kind === 'host' || named === 'nothing') return '';
  const namespec = shortName({ group: event.group, name: event.process });
  return named === 'process' ? namespec : `${event.host}/${namespec}`;
}

function hostWords({ state, says }: Extract<FleetEvent, { kind: 'host' }>, reader: Reader): object {
  const { say } = reader;
  const words = {
    reachable: say('reach.reachable'),
    unreachable: say('mark.unreachable'),
    connecting: say('reach.connecting'),
    disabled: say('reach.disabled'),
  };
  return {
    mark: HOST_MARKS[state],
    state: words[state],
    says: sentence(undefined, says, reader),
    pid: '',
    loud: state === 'unreachable',
  };
}

function processWords(event: Extract<FleetEvent, { kind: 'process' }>, reader: Reader): object {
  const { state, pid, expected, restarted, crashed, spawnError } = event;
  const mark = markOf({ ...LOOKS_FRESH, state, expected });
  const ended =
    state === 'EXITED' || state === 'BACKOFF' || state === 'FATAL' || (state === 'STOPPED' && crashed);
  return {
    mark,
    state,
    pid: pid === 0 ? '' : String(pid),
    says: listed(
      [
        ended && (event.exitSignal !== null || event.exitStatus !== null) ? causeOf(event, reader) : '',
        tellsOnlyStatus(spawnError) ? '' : spawnError,
        restarted ? reader.say('event.restarted') : '',
      ],
      reader,
    ),
    loud: crashed || state === 'FATAL',
  };
}

/** An event is no process: only what `markOf` looks at. */
const LOOKS_FRESH = { fresh: true, flapping: false } as const;
