import type { EventBus } from '../events/event.ts';
import type { MainLog } from '../logs/main-log.ts';
import type { Cancel, Clock } from '../os/clock.ts';
import type { SupervisedGroup } from './supervised-group.ts';

const REPORT_EVERY_MS = 3000;

/**
 * Stops groups from the highest priority number down, the next one only when the one before is stopped, and
 * calls `done` after the last. There is no limit of time: every child has its own. Contract: PROC-068 to PROC-072.
 */
export function shutDownInOrder(
  startOrder: readonly SupervisedGroup[],
  { clock, events, log }: { readonly clock: Clock; readonly events: EventBus; readonly log: MainLog },
  done: () => void,
): void {
  const left = [...startOrder];
  let cancelReport: Cancel = () => {};
  const report = (): void => {
    const names = startOrder.flatMap((group) => group.unstopped()).map((process) => process.name);
    if (names.length > 0) log.info(`waiting for ${names.join(', ')} to die`);
    cancelReport = clock.after(REPORT_EVERY_MS, report);
  };
  const unsubscribe = events.subscribe((event) => {
    if (event.kind === 'process-state') goOnSoon();
  });
  let scheduled = false;
  const goOnSoon = (): void => {
    if (scheduled) return;
    scheduled = true;
    clock.after(0, () => {
      scheduled = false;
      goOn();
    });
  };
  const goOn = (): void => {
    for (let group = left.at(-1); group !== undefined; group = left.at(-1)) {
      if (group.unstopped().length > 0) return;
      left.pop();
      left.at(-1)?.stopForShutdown();
    }
    cancelReport();
    unsubscribe();
    done();
  };
  left.at(-1)?.stopForShutdown();
  report();
  goOnSoon();
}
