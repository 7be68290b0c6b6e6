import type { HostView } from '../fleet/host.ts';
import type { ProcessView } from '../fleet/process.ts';
import type { FleetMessage } from './contract.ts';

/** Everything there is to tell a browser, its processes put together one by one as they are asked for. */
export interface WholeFleet extends Pick<FleetMessage, 'seq' | 'atMs' | 'lately' | 'actions'> {
  readonly hosts: readonly HostView[];
  readonly processes: Iterable<ProcessView>;
}

/** The fleet as messages, each put together when it is asked for: one, unless there are more than 500 of anything. */
export function* fleetParts({ hosts, processes, ...rest }: WholeFleet): Generator<FleetMessage> {
  const [hostsLeft, processesLeft] = [hosts.values(), processes[Symbol.iterator]()];
  const some = () => ({ hosts: upTo(AT_ONCE, hostsLeft), processes: upTo(AT_ONCE, processesLeft) });
  let part: FleetMessage = { ...rest, ...some() };
  for (;;) {
    const next = some();
    const isLast = next.hosts.length + next.processes.length === 0;
    yield isLast ? part : { ...part, more: true };
    if (isLast) return;
    part = { ...rest, lately: [], actions: [], ...next, continues: true };
  }
}

/** Of processes some 300 kB, which a browser has taken in before the next ones are there. */
const AT_ONCE = 500;

function upTo<T>(count: number, items: Iterator<T>): T[] {
  const some: T[] = [];
  while (some.length < count) {
    const { done, value } = items.next();
    if (done === true) break;
    some.push(value);
  }
  return some;
}
