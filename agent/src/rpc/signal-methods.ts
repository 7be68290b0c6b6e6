import { signalNumber } from '../config/stop-signal.ts';
import type { Process } from '../process/supervisor.ts';
import { SIGNALLABLE_STATES } from '../protocol/states.ts';
import { runBatchAtOnce } from './batch.ts';
import { refuseWhileStopping } from './daemon-state.ts';
import { Fault, faulting } from './faults.ts';
import { allByPriority, byPriority, findGroup, findTarget } from './find-process.ts';
import type { Method, MethodContext, Param } from './method.ts';
import { text } from './params.ts';

const SIGNAL: Param = { type: 'string', name: 'signal', about: "Name ('HUP') or number ('1')" };

export const signalMethods: Readonly<Record<string, Method>> = {
  signalProcess: {
    help: 'Send a UNIX signal to a process.',
    params: [{ type: 'string', name: 'name', about: '`process`, `group:process`, or `group:*`' }, SIGNAL],
    returns: ['boolean', 'Always true unless error'],
    run: (context, [name, signal]) => {
      const namespec = text(name);
      const { group, process } = findTarget(context.supervisor, namespec);
      if (process === null) return signalAll(context, byPriority(group), signal);
      deliver(process, namespec, signal);
      return true;
    },
  },
  signalProcessGroup: {
    help: 'Send a UNIX signal to all processes of a group.',
    params: [{ type: 'string', name: 'name', about: 'The group name' }, SIGNAL],
    returns: ['array', 'One status struct per process that could be signalled'],
    run: (context, [name, signal]) =>
      signalAll(context, byPriority(findGroup(context.supervisor, text(name))), signal),
  },
  signalAllProcesses: {
    help: 'Send a UNIX signal to all processes of all groups.',
    params: [SIGNAL],
    returns: ['array', 'One status struct per process that could be signalled'],
    stateCheck: 'never',
    run: (context, [signal]) => signalAll(context, allByPriority(context.supervisor), signal),
  },
};

/** Contract: RPC-084, RPC-085. */
function deliver(process: Process, namespec: string, given: unknown): void {
  if (typeof given === 'object') throw new Fault('INCORRECT_PARAMETERS');
  const signal = signalNumber(String(given));
  if (!signal.ok) throw new Fault('BAD_SIGNAL', String(given));
  if (!SIGNALLABLE_STATES.has(process.state)) throw new Fault('NOT_RUNNING', namespec);
  faulting(namespec, () => process.signal(signal.value));
}

/** Contract: RPC-087; the state of the daemon is looked at afterwards, RPC-031. */
function signalAll({ supervisor }: MethodContext, processes: readonly Process[], signal: unknown): unknown {
  const entries = runBatchAtOnce({
    processes,
    applies: (process) => SIGNALLABLE_STATES.has(process.state),
    act: (namespec, process) => {
      refuseWhileStopping(supervisor);
      deliver(process, namespec, signal);
    },
  });
  refuseWhileStopping(supervisor);
  return entries;
}
