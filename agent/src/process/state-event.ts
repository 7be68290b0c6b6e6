import type { ProcessStateEvent } from '../events/event.ts';
import type { ChildEnd } from '../os/wait-status.ts';
import type { ProcessState } from '../protocol/states.ts';
import type { ProcessRecord } from './process-record.ts';

/** What a change of state is about, where the record does not say it. */
export interface ChangeDetail {
  readonly exit?: ChildEnd | null;
  readonly pid?: number;
  readonly expected?: boolean;
}

/** The event of a change that the record has already gone through. */
export function stateEvent(
  { name, group }: { readonly name: string; readonly group: string },
  from: ProcessState,
  { state, sinceMs, pid, tries, spawnError }: ProcessRecord,
  about: ChangeDetail,
): ProcessStateEvent {
  const { exit = null, expected = false } = about;
  return {
    kind: 'process-state',
    process: { name, group },
    ...{ from, to: state, wallMs: sinceMs, pid: about.pid ?? pid, tries, expected, spawnError },
    exit: exit && { code: exit.code, signal: exit.signal },
  };
}
