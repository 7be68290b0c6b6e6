import type { Process } from '../process/supervisor.ts';
import { RUNNING_STATES } from '../protocol/states.ts';
import { runBatch } from './batch.ts';
import { refuseWhileStopping } from './daemon-state.ts';
import { Fault, faulting } from './faults.ts';
import { allByPriority, byPriority, findGroup, findTarget } from './find-process.ts';
import type { Method, MethodContext, Param } from './method.ts';
import { flag, text } from './params.ts';

const WAIT: Param = { type: 'boolean', name: 'wait', about: 'Answer only once it runs (default true)' };

export const startMethods: Readonly<Record<string, Method>> = {
  startProcess: {
    help: 'Start a process.',
    params: [{ type: 'string', name: 'name', about: '`process`, `group:process`, or `group:*`' }, WAIT],
    required: 1,
    returns: ['boolean', 'Always true unless error'],
    run: (context, [name, wait]) => {
      const namespec = text(name);
      const { group, process } = findTarget(context.supervisor, namespec);
      if (process === null) return startAll(context, byPriority(group), flag(wait));
      return start(context, process, namespec, flag(wait));
    },
  },
  startProcessGroup: {
    help: 'Start all processes of a group.',
    params: [{ type: 'string', name: 'name', about: 'The group name' }, WAIT],
    required: 1,
    returns: ['array', 'One status struct per process that was not running'],
    run: (context, [name, wait]) =>
      startAll(context, byPriority(findGroup(context.supervisor, text(name))), flag(wait)),
  },
  startAllProcesses: {
    help: 'Start all processes of all groups.',
    params: [WAIT],
    required: 0,
    returns: ['array', 'One status struct per process that was not running'],
    run: (context, [wait]) => startAll(context, allByPriority(context.supervisor), flag(wait)),
  },
};

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

function startAll(context: MethodContext, processes: readonly Process[], wait: boolean): Promise<unknown> {
  return runBatch(context, {
    processes,
    applies: (process) => !RUNNING_STATES.has(process.state),
    act: (namespec, process) => start(context, process, namespec, wait),
  });
}
