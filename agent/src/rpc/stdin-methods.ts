import { Refusal } from '../process/refusal.ts';
import type { Process } from '../process/supervisor.ts';
import { Fault, toFault } from './faults.ts';
import { findProcess } from './find-process.ts';
import type { Method } from './method.ts';
import { text } from './params.ts';

export const stdinMethods: Readonly<Record<string, Method>> = {
  sendProcessStdin: {
    help: 'Send text, as UTF-8, to the stdin of a process.',
    params: [
      { type: 'string', name: 'name', about: '`process` or `group:process`' },
      { type: 'string', name: 'chars', about: 'What to send' },
    ],
    returns: ['boolean', 'Always true unless error'],
    run: ({ supervisor }, [name, chars]) => {
      if (typeof chars !== 'string') throw new Fault('INCORRECT_PARAMETERS', JSON.stringify(chars));
      const namespec = text(name);
      send(findProcess(supervisor, namespec), namespec, Buffer.from(chars));
      return true;
    },
  },
};

/** A pipe that cannot take it names the process, not a path. Contract: RPC-088, RPC-089, RPC-172. */
function send(process: Process, namespec: string, bytes: Buffer): void {
  if (process.pid === 0 || process.state === 'STOPPING') throw new Fault('NOT_RUNNING', namespec);
  try {
    process.writeStdin(bytes);
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'no-file') throw new Fault('NO_FILE', namespec);
    throw toFault(error, namespec);
  }
}
