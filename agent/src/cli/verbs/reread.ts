import { byCodePoint } from '../../config/python-text.ts';
import { FAULT_CODES } from '../../protocol/index.ts';
import { configChanges } from '../answers.ts';
import { EXIT } from '../exit-status.ts';
import { RpcFault, whenFault } from '../server-faults.ts';
import { refuseWords, type Session, type Verb } from '../verb.ts';

/** Has the daemon read its files again and says what changed. Contract: CTL-064 to CTL-066, CTL-076. */
export const reread: Verb = {
  name: 'reread',
  usage: ["reread \t\t\tReload the daemon's configuration files without add/remove"],
  completes: 'none',
  async run(args, session) {
    if (args.length > 0) {
      refuseWords(reread, 'Error: reread accepts no arguments', session);
      return EXIT.generic;
    }
    try {
      tellChanges(configChanges(await session.server.call('reloadConfig')), session);
      return EXIT.success;
    } catch (error) {
      const says = rereadRefusal(error, 'supervisor shutting down');
      session.report.line(`ERROR: ${says}`, { error: says });
      return EXIT.generic;
    }
  },
};

/** The words for a configuration that could not be read again; throws on what is something else. */
export function rereadRefusal(error: unknown, whenStopping: string): string {
  const code = whenFault(error, FAULT_CODES.SHUTDOWN_STATE, FAULT_CODES.CANT_REREAD);
  if (code === FAULT_CODES.SHUTDOWN_STATE) return whenStopping;
  return error instanceof RpcFault ? error.faultString : '';
}

function tellChanges(changes: ReturnType<typeof configChanges>, { report }: Session): void {
  const words = new Map<string, string>();
  for (const group of changes.added) words.set(group, 'available');
  for (const group of changes.changed) words.set(group, 'changed');
  for (const group of changes.removed) words.set(group, 'disappeared');
  if (words.size === 0) report.note('No config updates to processes');
  for (const [group, change] of [...words].sort(([a], [b]) => byCodePoint(a, b))) {
    report.line(`${group}: ${change}`, { group, change });
  }
}
