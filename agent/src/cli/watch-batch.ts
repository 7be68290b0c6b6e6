import { formatNamespec, type ProcessState } from '../protocol/index.ts';
import { list, type ProcessRow, processRow } from './answers.ts';
import type { Session } from './verb.ts';

export interface Settling {
  readonly through: ProcessState;
  readonly into: ProcessState;
  readonly concerns: (row: ProcessRow) => boolean;
}

const FIRST_LOOK_MS = 250;
/** A look may take at most this part of the time: a large stock supervisord answers slowly and serves one at a time. */
const REST_PER_LOOK = 5;

/**
 * While a batch runs, tells each process once it was seen on the way and then there. Looks, on a second
 * connection, only when the batch takes longer than a moment. Returns when the batch has ended, however.
 */
export async function watchBatch(
  batch: Promise<unknown>,
  settling: Settling,
  session: Session,
  arrived: (row: ProcessRow) => void,
): Promise<void> {
  const { clock } = session;
  const onTheWay = new Set<string>();
  const ended = batch.then(
    () => 'ended' as const,
    () => 'ended' as const, // whoever awaits the batch itself hears the reason
  );
  let restMs = FIRST_LOOK_MS;
  while ((await Promise.race([ended, pause(restMs, session)])) !== 'ended') {
    const beganMs = clock.uptimeMs();
    const rows = await Promise.race([ended, look(session)]);
    if (rows === 'ended' || rows === null) break;
    for (const row of rows.filter(settling.concerns)) settle(row, settling, onTheWay, arrived);
    restMs = Math.max(FIRST_LOOK_MS, (clock.uptimeMs() - beganMs) * REST_PER_LOOK);
  }
  await ended;
}

function settle(
  row: ProcessRow,
  { through, into }: Settling,
  onTheWay: Set<string>,
  arrived: (row: ProcessRow) => void,
): void {
  const key = formatNamespec(row.group, row.name);
  if (row.stateName === through) onTheWay.add(key);
  else if (row.stateName === into && onTheWay.delete(key)) arrived(row);
}

/** Null when the supervisor will not say: the results at the end are enough. */
async function look({ server }: Session): Promise<readonly ProcessRow[] | null> {
  try {
    return list(await server.call('getAllProcessInfo')).map(processRow);
  } catch {
    return null;
  }
}

function pause(ms: number, { clock }: Session): Promise<'rested'> {
  return new Promise((resolve) => clock.after(ms, () => resolve('rested')));
}
