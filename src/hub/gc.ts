import { sweep } from '../control/housekeeping.ts';
import { UNDO_REMOVE_MS } from '../control/roster.ts';
import { inspect } from '../store/inspect.ts';
import { sizeText } from './size-text.ts';
import type { HubVerb } from './verb.ts';

/** What the hub does every hour, now, and the room given back to the disk. */
export const gc: HubVerb = {
  name: 'gc',
  usage: 'gc [--json]',
  help: 'remove history older than --keep-events and --keep-actions, and give the room back',
  options: [],
  switches: ['--json'],
  run({ switches }, { config, store, clock, out }) {
    const before = inspect(config.dataFolder)?.bytes ?? 0;
    const swept = sweep(store, config, UNDO_REMOVE_MS, clock.wallMs());
    store.compact();
    const after = inspect(config.dataFolder)?.bytes ?? 0;
    if (switches.has('--json')) out(JSON.stringify({ ...swept, bytesBefore: before, bytesAfter: after }));
    else {
      const { events, alerts, actions, scheduleRuns, joinTokens, hosts } = swept;
      out(
        `Removed ${events} events, ${alerts} alerts, ${actions} actions, ${scheduleRuns} runs of schedules, ${joinTokens} join tokens and ${hosts} removed hosts.`,
      );
      out(`The database was ${sizeText(before)} and is ${sizeText(after)}.`);
    }
    return 0;
  },
};
