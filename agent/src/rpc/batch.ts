import type { Process } from '../process/supervisor.ts';
import { FAULT_CODES } from '../protocol/faults.ts';
import type { BatchEntry } from '../protocol/info.ts';
import { formatNamespec } from '../protocol/namespec.ts';
import { Fault } from './faults.ts';
import type { MethodContext } from './method.ts';

/** How long a batch may hold the loop before other calls get their turn. */
const SLICE_MS = 15;

interface Batch {
  readonly processes: readonly Process[];
  /** Processes it does not apply to are left out of the result altogether. Contract: RPC-079, RPC-083. */
  readonly applies: (process: Process) => boolean;
  /** Acts at once; a promise says that the outcome comes later. Throws or rejects with a `Fault`. */
  readonly act: (namespec: string, process: Process) => unknown;
}

/**
 * Acts on one process after the other and answers one entry each, in order of completion: what is settled
 * at once first, then the rest as each gets there. Never faults as a whole. Contract: RPC-091 to RPC-093.
 */
export async function runBatch({ clock }: MethodContext, batch: Batch): Promise<readonly BatchEntry[]> {
  const entries: BatchEntry[] = [];
  const pending: Promise<void>[] = [];
  let sliceEndsMs = clock.uptimeMs() + SLICE_MS;
  for (const process of batch.processes) {
    if (clock.uptimeMs() >= sliceEndsMs) {
      await new Promise<void>((next) => clock.after(0, next));
      sliceEndsMs = clock.uptimeMs() + SLICE_MS;
    }
    if (!batch.applies(process)) continue;
    const outcome = actOn(batch, process);
    if (outcome instanceof Promise) pending.push(outcome.then((entry) => void entries.push(entry)));
    else entries.push(outcome);
  }
  await Promise.all(pending);
  return entries;
}

/** The same for actions that are over when they return: nothing else happens in between. */
export function runBatchAtOnce(batch: Batch): readonly BatchEntry[] {
  return batch.processes.filter(batch.applies).map((process) => {
    try {
      batch.act(formatNamespec(process.group, process.name), process);
      return succeeded(process);
    } catch (error) {
      return failed(process, error);
    }
  });
}

function actOn(batch: Batch, process: Process): BatchEntry | Promise<BatchEntry> {
  try {
    const outcome = batch.act(formatNamespec(process.group, process.name), process);
    if (!(outcome instanceof Promise)) return succeeded(process);
    return outcome.then(
      () => succeeded(process),
      (error) => failed(process, error),
    );
  } catch (error) {
    return failed(process, error);
  }
}

function succeeded({ name, group }: Process): BatchEntry {
  return { name, group, status: FAULT_CODES.SUCCESS, description: 'OK' };
}

function failed({ name, group }: Process, error: unknown): BatchEntry {
  if (!(error instanceof Fault)) throw error;
  return { name, group, status: error.faultCode, description: error.faultString };
}
