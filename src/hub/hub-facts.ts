import manifest from '../../package.json' with { type: 'json' };
import type { HubFacts } from '../api/contract.ts';
import type { Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import type { Core } from './core.ts';

/** What the hub tells its administrators about itself. */
export function hubFacts({
  core,
  clock,
  config,
}: {
  readonly core: Core;
  readonly clock: Clock;
  readonly config: HubConfig;
}): () => HubFacts {
  const startedAtMs = clock.wallMs();
  return () => ({
    version: manifest.version,
    startedAtMs,
    databaseBytes: core.store.bytes(),
    groupsRead: core.groups?.read() ?? null,
    kept: [
      { what: 'events', ms: config.keepEventsMs },
      { what: 'actions', ms: config.keepActionsMs },
    ],
  });
}
