import type { LogFile } from '../logs/log-file.ts';
import type { Process } from '../process/supervisor.ts';
import type { Channel } from '../protocol/info.ts';
import { runBatch } from './batch.ts';
import { Fault, faulting } from './faults.ts';
import { allByPriority, findProcess } from './find-process.ts';
import { readSlice, readText, tailSlice } from './log-slice.ts';
import type { Method, MethodContext, Param } from './method.ts';
import { integer, text } from './params.ts';

const NAME: Param = { type: 'string', name: 'name', about: '`process` or `group:process`' };
const OFFSET: Param = { type: 'int', name: 'offset', about: 'Where to start; negative counts from the end' };
const LENGTH: Param = { type: 'int', name: 'length', about: 'How many bytes; 0 means up to the end' };
const LAST: Param = { type: 'int', name: 'length', about: 'The most bytes wanted' };

export const logMethods: Readonly<Record<string, Method>> = {
  readLog: {
    help: 'Read bytes of the main log.',
    params: [OFFSET, LENGTH],
    returns: ['string', 'Bytes of the log'],
    run: ({ supervisor }, [offset, length]) => read(supervisor.mainLog.file, offset, length),
  },
  clearLog: {
    help: 'Clear the main log.',
    params: [],
    returns: ['boolean', 'Always true unless error'],
    run: clearMainLog,
  },
  readProcessStdoutLog: readMethod('stdout'),
  readProcessStderrLog: readMethod('stderr'),
  tailProcessStdoutLog: tailMethod('stdout'),
  tailProcessStderrLog: tailMethod('stderr'),
  clearProcessLogs: {
    help: 'Clear the logs of a process that has its pipes open.',
    params: [NAME],
    returns: ['boolean', 'Always true unless error'],
    run: ({ supervisor }, [name]) => {
      const namespec = text(name);
      clear(findProcess(supervisor, namespec), namespec);
      return true;
    },
  },
  clearAllProcessLogs: {
    help: 'Clear the logs of all processes.',
    params: [],
    returns: ['array', 'One status struct per process'],
    run: (context) =>
      runBatch(context, {
        processes: allByPriority(context.supervisor),
        applies: () => true,
        act: (namespec, process) => clear(process, namespec),
      }),
  },
};

function readMethod(channel: Channel): Method {
  return {
    help: `Read bytes of the ${channel} log of a process.`,
    params: [NAME, OFFSET, LENGTH],
    returns: ['string', 'Bytes of the log'],
    run: ({ supervisor }, [name, offset, length]) =>
      read(findProcess(supervisor, text(name)).log(channel), offset, length),
  };
}

function tailMethod(channel: Channel): Method {
  return {
    help: `Read the last bytes of the ${channel} log of a process: at most length of them, unless nothing came after offset.`,
    params: [NAME, OFFSET, LAST],
    returns: ['array', '[bytes, end of the log, whether bytes were left out]'],
    run: ({ supervisor }, [name, offset, length]) =>
      tail(findProcess(supervisor, text(name)).log(channel), integer(offset), integer(length)),
  };
}

/** Faults: NO_FILE, BAD_ARGUMENTS, FAILED. Contract: RPC-119, RPC-120. */
function read(log: LogFile | null, offset: unknown, length: unknown): string {
  if (log === null) throw new Fault('NO_FILE');
  const size = log.size();
  if (size === null) throw new Fault('NO_FILE', log.path);
  const slice = readSlice(size, integer(offset), integer(length));
  try {
    return readText(log, slice);
  } catch {
    throw new Fault('FAILED'); // whatever the system says: clients know this one
  }
}

/** Never faults. Contract: RPC-127. */
function tail(log: LogFile | null, offset: number, length: number): readonly [string, number, boolean] {
  const size = log?.size() ?? null;
  if (log === null || size === null) return ['', 0, false];
  const slice = tailSlice(size, offset, length);
  try {
    return [readText(log, slice), size, slice.overflow];
  } catch {
    return ['', offset, false]; // a log that cannot be read has no tail
  }
}

/** Contract: RPC-129. */
function clearMainLog({ supervisor: { mainLog } }: MethodContext): true {
  if ((mainLog.file?.size() ?? null) === null) throw new Fault('NO_FILE');
  try {
    mainLog.clear();
  } catch {
    throw new Fault('FAILED'); // whatever the system says: clients know this one
  }
  return true;
}

/** Contract: RPC-130, RPC-131. */
function clear(process: Process, namespec: string): void {
  try {
    faulting(namespec, () => process.clearLogs());
  } catch (error) {
    throw error instanceof Fault ? new Fault('FAILED', namespec) : error;
  }
}
