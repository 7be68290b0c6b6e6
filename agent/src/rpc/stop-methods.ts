import type { Process } from '../process/supervisor.ts';
import { RUNNING_STATES, STOPPED_STATES } from '../protocol/states.ts';
import { runBatch } from './batch.ts';
import { refuseWhileStopping } from './daemon-state.ts';
import { faulting } from './faults.ts';
import { allByPriority, byPriority, findGroup, findTarget } from './find-process.ts';
import type { Method, MethodContext, Param } from './method.ts';
import { flag, text } from './params.ts';

const WAIT: Param = {
  type: 'boolean',
  name: 'wait',
  about: 'Answer only once it has stopped (default true)',
};
const REPORT_EVERY_MS = 2_000;

export const stopMethods: Readonly<Record<string, Method>> = {
  stopProcess: {
    help: 'Stop a process.',
    params: [{ type: 'string', name: 'name', about: '`process`, `group:process`, or `group:*`' }, WAIT],
    required: 1,
    returns: ['boolean', 'Always true unless error'],
    run: (context, [name, wait]) => {
      const namespec = text(name);
      const { group, process } = findTarget(context.supervisor, namespec);
      if (process === null) return stopAll(context, byPriority(group), flag(wait));
      return stop(context, process, namespec, flag(wait));
    },
  },
  stopProcessGroup: {
    help: 'Stop all processes of a group.',
    params: [{ type: 'string', name: 'name', about: 'The group name' }, WAIT],
    required: 1,
    returns: ['array', 'One status struct per process that was running'],
    run: (context, [name, wait]) =>
      stopAll(context, byPriority(findGroup(context.supervisor, text(name))), flag(wait)),
  },
  stopAllProcesses: {
    help: 'Stop all processes of all groups.',
    params: [WAIT],
    required: 0,
    returns: ['array', 'One status struct per process that was running'],
    run: (context, [wait]) => stopAll(context, allByPriority(context.supervisor), flag(wait)),
  },
};

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

function stopAll(context: MethodContext, processes: readonly Process[], wait: boolean): Promise<unknown> {
  return runBatch(context, {
    processes,
    applies: (process) => RUNNING_STATES.has(process.state),
    act: (namespec, process) => stop(context, process, namespec, wait),
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
