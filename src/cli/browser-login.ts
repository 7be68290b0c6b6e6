import type { DeviceBegun, DeviceWish, NewToken } from '../api/contract.ts';
import type { Clock } from '../clock.ts';
import { CliFailure } from './failure.ts';
import type { HubApi } from './hub-api.ts';
import type { CliIo } from './io.ts';
import { oneLine } from './terminal-text.ts';

/** How long a hub that does not answer, or is busy, may go on so. */
const MOST_MISSED = 5;

/**
 * Lets somebody confirm this command in a browser, where they sign in by whatever door the hub has. Null: they
 * gave up with Ctrl-C.
 */
export async function browserLogin(
  api: HubApi,
  wish: DeviceWish,
  { io, clock }: { readonly io: CliIo; readonly clock: Clock },
): Promise<NewToken | null> {
  const begun = await api.post<DeviceBegun>('/device', wish);
  io.note(`Open  ${oneLine(begun.verificationUri)}  in a browser, and type this code there:

    ${oneLine(begun.userCode)}

Waiting until you let this command in (10 minutes; Ctrl-C gives up) …`);
  let isOver = false;
  const forget = io.onInterrupt(() => {
    isOver = true;
  });
  try {
    return await waitFor(begun, api, clock, () => isOver);
  } finally {
    forget();
  }
}

async function waitFor(
  { deviceCode, intervalMs }: DeviceBegun,
  api: HubApi,
  clock: Clock,
  isOver: () => boolean,
): Promise<NewToken | null> {
  let missed = 0;
  while (!isOver()) {
    await new Promise<void>((done) => clock.after(intervalMs, done));
    if (isOver()) break;
    try {
      return await api.post<NewToken>('/device/token', { deviceCode });
    } catch (error) {
      if (!(error instanceof CliFailure)) throw error;
      if (error.problem === 'authorization-pending') missed = 0;
      else if (!isPassing(error) || ++missed > MOST_MISSED) throw inWords(error);
    }
  }
  return null;
}

/** A restart of a proxy, a busy hub: worth another try. */
const isPassing = ({ exit, problem }: CliFailure): boolean =>
  exit === 'hubUnreachable' || problem === 'too-many-requests';

function inWords(error: CliFailure): CliFailure {
  const again = 'Begin again with: fleetvisor login';
  if (error.problem === 'access-denied')
    return new CliFailure('notAllowed', 'this command was turned away in the browser');
  if (error.problem === 'expired-code')
    return new CliFailure('notConfirmed', 'nobody let this command in while the code was good', again);
  return error;
}
