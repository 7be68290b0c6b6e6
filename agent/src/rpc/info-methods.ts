import type { Process, Supervisor } from '../process/supervisor.ts';
import { compareText } from './compare-text.ts';
import { configInfo } from './config-info.ts';
import { findProcess } from './find-process.ts';
import type { Method } from './method.ts';
import { text } from './params.ts';
import { processInfo } from './process-info.ts';

export const infoMethods: Readonly<Record<string, Method>> = {
  getProcessInfo: {
    help: 'Return what is known about a process.',
    params: [{ type: 'string', name: 'name', about: '`process` or `group:process`' }],
    returns: ['struct', 'The process'],
    run: ({ supervisor, clock }, [name]) => processInfo(findProcess(supervisor, text(name)), clock.wallMs()),
  },
  getAllProcessInfo: {
    help: 'Return what is known about all processes, sorted by group and name.',
    params: [],
    returns: ['array', 'One struct per process'],
    run: ({ supervisor, clock }) => {
      const nowMs = clock.wallMs();
      return allByName(supervisor).map((process) => processInfo(process, nowMs));
    },
  },
  getAllConfigInfo: {
    help: 'Return the configuration last read, one struct per process.',
    params: [],
    returns: ['array', 'One struct per process, sorted by name'],
    run: ({ supervisor }) => configInfo(supervisor),
  },
};

/** Contract: RPC-104. */
function allByName(supervisor: Supervisor): readonly Process[] {
  return sortedByName(supervisor.groups()).flatMap(({ processes }) => inGroup(processes));
}

const sorted = new WeakMap<readonly Process[], readonly Process[]>();

/** The processes of a group never change while it is active, so they are put in order once. */
function inGroup(processes: readonly Process[]): readonly Process[] {
  const known = sorted.get(processes);
  if (known !== undefined) return known;
  const inOrder = sortedByName(processes);
  sorted.set(processes, inOrder);
  return inOrder;
}

function sortedByName<T extends { readonly name: string }>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => compareText(a.name, b.name));
}
