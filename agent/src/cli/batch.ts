import {
  FAULT_CODES,
  formatNamespec,
  type Namespec,
  type ProcessState,
  parseNamespec,
} from '../protocol/index.ts';
import type { XmlRpcValue } from '../xmlrpc/index.ts';
import { list, type ResultRow, resultRow } from './answers.ts';
import { afterResult, EXIT, type ExitStatus } from './exit-status.ts';
import { RpcFault, StrangeAnswer } from './server-faults.ts';
import type { Session } from './verb.ts';
import { watchBatch } from './watch-batch.ts';

/** A call of the supervisor: method, then parameters. */
export type Call = readonly [method: string, ...params: string[]];

/** What a verb over process names calls, and how it words the results. */
export interface Batch {
  readonly all: Call;
  readonly group: ((group: string) => Call) | null;
  readonly one: (namespec: string) => Call;
  /** `NS: WORD` when it worked. */
  readonly worked: string;
  /** `NS: ERROR (WORDS)` by fault number. */
  readonly faults: Readonly<Record<number, string>>;
  /** A fault that leaves the exit status alone. */
  readonly harmless?: number;
  readonly unknownGroupExit: ExitStatus;
  /** States a process passes through and ends in: lets results be shown before the batch is over. */
  readonly settles?: { readonly through: ProcessState; readonly into: ProcessState };
}

/**
 * Works through the names one after another, one line per result; `all` anywhere means all.
 * The last failing result decides the exit status. Contract: CTL-005, CTL-033, CTL-034.
 */
export async function runBatch(
  batch: Batch,
  names: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  if (names.includes('all')) return many(batch, batch.all, () => true, EXIT.success, session);
  let exit: ExitStatus = EXIT.success;
  for (const name of names) exit = await runName(batch, name, exit, session);
  return exit;
}

async function runName(
  batch: Batch,
  name: string,
  before: ExitStatus,
  session: Session,
): Promise<ExitStatus> {
  const { group, process } = parseNamespec(name);
  if (process !== null) return one(batch, name, { group, process }, before, session);
  if (batch.group === null) return tellRow(batch, { ...failure(10, ''), group, name: '*' }, before, session);
  try {
    return await many(batch, batch.group(group), (row) => row.group === group, before, session);
  } catch (error) {
    if (!(error instanceof RpcFault) || error.faultCode !== FAULT_CODES.BAD_NAME) throw error;
    session.report.line(`${group}: ERROR (no such group)`, { group, error: 'no such group' });
    return batch.unknownGroupExit;
  }
}

async function one(
  batch: Batch,
  name: string,
  target: Namespec & { readonly process: string },
  before: ExitStatus,
  session: Session,
): Promise<ExitStatus> {
  const row = { group: target.group, name: target.process };
  try {
    await session.server.call(...batch.one(name));
    return tellRow(batch, { ...row, status: FAULT_CODES.SUCCESS, description: 'OK' }, before, session);
  } catch (error) {
    if (!(error instanceof RpcFault)) throw error;
    return tellRow(batch, { ...row, ...failure(error.faultCode, error.faultString) }, before, session);
  }
}

async function many(
  batch: Batch,
  call: Call,
  concerns: (row: { readonly group: string }) => boolean,
  before: ExitStatus,
  session: Session,
): Promise<ExitStatus> {
  const told = new Set<string>();
  const running: Promise<XmlRpcValue> = session.server.call(...call);
  if (batch.settles !== undefined) {
    await watchBatch(running, { ...batch.settles, concerns }, session, ({ group, name }) => {
      told.add(keyOf({ group, name, status: FAULT_CODES.SUCCESS }));
      tellRow(batch, { group, name, status: FAULT_CODES.SUCCESS, description: 'OK' }, EXIT.success, session);
    });
  }
  const rows = list(await running).map(resultRow);
  return rows.reduce<ExitStatus>(
    (exit, row) => (told.has(keyOf(row)) ? exit : tellRow(batch, row, exit, session)),
    before,
  );
}

function keyOf({ group, name, status }: Pick<ResultRow, 'group' | 'name' | 'status'>): string {
  return `${status} ${group}:${name}`;
}

function failure(status: number, description: string): Pick<ResultRow, 'status' | 'description'> {
  return { status, description };
}

function tellRow(batch: Batch, row: ResultRow, before: ExitStatus, { report }: Session): ExitStatus {
  report.line(rowText(batch, row), row);
  return afterResult(before, row.status, batch.harmless);
}

/** FAILED is told in the supervisor's own words. Contract: CTL-039. */
function rowText(batch: Batch, row: ResultRow): string {
  const name = formatNamespec(row.group, row.name);
  if (row.status === FAULT_CODES.SUCCESS) return `${name}: ${batch.worked}`;
  const words = batch.faults[row.status];
  if (words !== undefined) return `${name}: ERROR (${words})`;
  if (row.status === FAULT_CODES.FAILED) return row.description;
  throw new StrangeAnswer(`Unknown result code ${row.status} for ${name}`);
}
