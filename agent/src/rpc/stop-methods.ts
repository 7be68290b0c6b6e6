import type { Process } from '../process/supervisor.ts';
import { RUNNING_STATES, STOPPED_STATES } from '../protocol/states.ts';
import { refuseWhileStopping } from './daemon-state.ts';
import { faulting } from './faults.ts';
import type { MethodContext } from './method.ts';
import { waitingMethods } from './waiting-methods.ts';

const REPORT_EVERY_MS = 2_000;

export const stopMethods = waitingMethods({
  verb: 'stop',
  waitsFor: 'has stopped',
  tellsOf: 'running',
  applies: (process) => RUNNING_STATES.has(process.state),
  act: stop,
});

/** True, or a promise of it while the process is being stopped. Contract: RPC-080 to RPC-082. */
function stop(
  context: MethodContext,
  process: Process,
  namespec: string,
  wait: boolean,
): true | Promise<true> {
  refuseWhileStopping(context.supervisor);
  faulting(namespec, () => process.stop());
  if (!wait || STOPPED_STATES.has(process.state)) return true;
  const endReport = reportWaiting(context, process);
  return context.waits.until(process, ({ to }) => {
    if (!STOPPED_STATES.has(to)) return undefined;
    endReport();
    return true;
  });
}

/** Says in the main log that somebody waits, now and every 2 s. Contract: RPC-081. */
function reportWaiting({ supervisor, clock }: MethodContext, process: Process): () => void {
  let cancel: () => void = () => {};
  const report = (): void => {
    supervisor.mainLog.info(`waiting for ${process.name} to stop`);
    cancel = clock.after(REPORT_EVERY_MS, report);
  };
  report();
  return () => cancel();
}
