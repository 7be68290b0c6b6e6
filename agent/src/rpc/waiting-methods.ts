import type { Process } from '../process/supervisor.ts';
import { runBatch } from './batch.ts';
import { allByPriority, byPriority, findGroup, findTarget } from './find-process.ts';
import type { Method, MethodContext, Param } from './method.ts';
import { flag, text } from './params.ts';

/** What is done to one process, to a group, or to all of them, and waited for unless told not to. */
export interface WaitingVerb {
  readonly verb: 'start' | 'stop';
  /** What `wait` waits for, and which processes a batch tells of, in the words of the documentation. */
  readonly waitsFor: string;
  readonly tellsOf: string;
  /** Whether a batch acts on the process. Contract: RPC-079, RPC-083. */
  readonly applies: (process: Process) => boolean;
  /** True, or a promise of it while the process is on its way. Throws or rejects with a `Fault`. */
  readonly act: (
    context: MethodContext,
    process: Process,
    namespec: string,
    wait: boolean,
  ) => true | Promise<true>;
}

/** `startProcess`, `startProcessGroup` and `startAllProcesses`, or the same of stopping. */
export function waitingMethods(one: WaitingVerb): Readonly<Record<string, Method>> {
  const { verb, applies, act } = one;
  const Verb = verb === 'start' ? 'Start' : 'Stop';
  const wait: Param = {
    type: 'boolean',
    name: 'wait',
    about: `Answer only once it ${one.waitsFor} (default true)`,
  };
  const returnsBatch = ['array', `One status struct per process that was ${one.tellsOf}`] as const;
  const actOnAll = (context: MethodContext, processes: readonly Process[], waits: boolean) =>
    runBatch(context, {
      processes,
      applies,
      act: (namespec, process) => act(context, process, namespec, waits),
    });
  return {
    [`${verb}Process`]: {
      help: `${Verb} a process.`,
      params: [{ type: 'string', name: 'name', about: '`process`, `group:process`, or `group:*`' }, wait],
      required: 1,
      returns: ['boolean', 'Always true unless error'],
      run: (context, [name, waits]) => {
        const namespec = text(name);
        const { group, process } = findTarget(context.supervisor, namespec);
        if (process === null) return actOnAll(context, byPriority(group), flag(waits));
        return act(context, process, namespec, flag(waits));
      },
    },
    [`${verb}ProcessGroup`]: {
      help: `${Verb} all processes of a group.`,
      params: [{ type: 'string', name: 'name', about: 'The group name' }, wait],
      required: 1,
      returns: returnsBatch,
      run: (context, [name, waits]) =>
        actOnAll(context, byPriority(findGroup(context.supervisor, text(name))), flag(waits)),
    },
    [`${verb}AllProcesses`]: {
      help: `${Verb} all processes of all groups.`,
      params: [wait],
      required: 0,
      returns: returnsBatch,
      run: (context, [waits]) => actOnAll(context, allByPriority(context.supervisor), flag(waits)),
    },
  };
}
