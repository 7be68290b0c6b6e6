import type { Process } from '../process/supervisor.ts';
import { RUNNING_STATES } from '../protocol/states.ts';
import { refuseWhileStopping } from './daemon-state.ts';
import { Fault, faulting } from './faults.ts';
import type { MethodContext } from './method.ts';
import { waitingMethods } from './waiting-methods.ts';

export const startMethods = waitingMethods({
  verb: 'start',
  waitsFor: 'runs',
  tellsOf: 'not running',
  applies: (process) => !RUNNING_STATES.has(process.state),
  act: start,
});

/**
 * True, or a promise of it when the process has yet to become RUNNING.
 * Contract: RPC-067 to RPC-075.
 */
function start(
  context: MethodContext,
  process: Process,
  namespec: string,
  wait: boolean,
): true | Promise<true> {
  refuseWhileStopping(context.supervisor);
  faulting(namespec, () => process.start());
  if (process.spawnError !== '') throw new Fault('SPAWN_ERROR', namespec);
  if (!wait || process.state === 'RUNNING') return true;
  return context.waits.until(process, ({ to, spawnError }) => {
    if (spawnError !== '') throw new Fault('SPAWN_ERROR', namespec);
    if (to === 'RUNNING') return true;
    if (to !== 'STARTING') throw new Fault('ABNORMAL_TERMINATION', namespec);
    return undefined;
  });
}
