import type { LogFile } from '../logs/log-file.ts';
import { readLog, tailLog } from '../logs/tail.ts';
import type { Process } from '../process/supervisor.ts';
import type { Channel } from '../protocol/info.ts';
import { runBatch } from './batch.ts';
import { Fault, faulting } from './faults.ts';
import { allByPriority, findProcess } from './find-process.ts';
import type { Method, MethodContext, Param } from './method.ts';
import { integer, text } from './params.ts';

/** The most one answer carries; a client asks again from where it ended. Contract: RPC-174. */
const MAX_BYTES = 16 * 1024 * 1024;
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

/** Faults: NO_FILE, BAD_ARGUMENTS, FAILED. What is not UTF-8 becomes U+FFFD. Contract: RPC-119 to RPC-121, RPC-168. */
function read(log: LogFile | null, givenOffset: unknown, givenLength: unknown): string {
  if (log === null) throw new Fault('NO_FILE');
  const offset = Math.max(integer(givenOffset), -MAX_BYTES);
  const length = integer(givenLength);
  const most = offset >= 0 && length === 0 ? MAX_BYTES : Math.min(length, MAX_BYTES);
  const result = readLog(log, offset, most);
  switch (result.kind) {
    case 'bytes':
      return result.data.toString('utf8');
    case 'bad-arguments':
      throw new Fault('BAD_ARGUMENTS');
    case 'missing':
      throw new Fault('NO_FILE', log.path);
    case 'failed':
      throw new Fault('FAILED');
    default:
      return result satisfies never;
  }
}

/** Never faults. Contract: RPC-122 to RPC-127. */
function tail(log: LogFile | null, offset: number, length: number): readonly [string, number, boolean] {
  const { data, endOffset, overflow } = tailLog(log, offset, Math.min(length, MAX_BYTES));
  return [data.toString('utf8'), endOffset, overflow];
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
