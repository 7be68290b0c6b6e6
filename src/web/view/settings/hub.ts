import type { HubFacts, HubSettings } from '../../../api/contract.ts';
import { bytesWithUnit, fullTime, roughly } from '../format.ts';
import { phrase } from '../problem-words.ts';
import type { Reader } from '../reader.ts';
import { compareNames, type World } from '../world.ts';
import { joinTokenLine } from './join-tokens.ts';
import { type PartMaker, shown } from './part.ts';
import { reads } from './reads.ts';

export const hubPart: PartMaker = (world, reader, { get }) => ({
  title: reader.say('settings.hub'),
  template: 'pages/hub',
  model: {
    settings: shown(get(reads.settings()), (settings) => protection(settings, world, reader)),
    facts: shown(get(reads.hub()), (hub) => factsOf(hub, reader)),
    mayHosts: reader.may('manage-hosts'),
    csrf: reader.csrf,
    joinTokens: reader.may('manage-hosts')
      ? shown(get(reads.joinTokens()), (open) => open.map((token) => joinTokenLine(token, reader)))
      : null,
  },
});

const ASKS = ['nothing', 'typed', 'second-person'] as const;
const MINUTES = [5, 15, 30, 60, 240];

/** Every environment there is, and every one that is protected though no host is in it. */
function protection({ protectedEnvironments, approvalMinutes }: HubSettings, world: World, { say }: Reader) {
  const hosts = new Map<string, number>();
  for (const { environment } of world.hosts)
    if (environment !== null) hosts.set(environment, (hosts.get(environment) ?? 0) + 1);
  const asked = new Map(protectedEnvironments.map(({ environment, asks }) => [environment, asks]));
  const names = [...new Set([...hosts.keys(), ...asked.keys()])].sort(compareNames);
  return {
    all: names.map((name) => ({
      name,
      says: say('count.hosts', { n: hosts.get(name) ?? 0 }),
      choices: ASKS.map((asks) => ({
        asks,
        label: say(`hub.asks.${asks}`),
        on: asks === (asked.get(name) ?? 'nothing'),
      })),
    })),
    none: names.length === 0,
    waits: protectedEnvironments.some(({ asks }) => asks === 'second-person'),
    minutes: [...new Set([...MINUTES, approvalMinutes])]
      .sort((a, b) => a - b)
      .map((n) => ({ n, text: say('time.minutes', { n }), on: n === approvalMinutes })),
  };
}

function factsOf(hub: HubFacts, reader: Reader) {
  const { say, nowMs } = reader;
  const fact = (label: Parameters<typeof say>[0], value: string, title = '') => ({
    label: say(label),
    value,
    title,
  });
  return [
    fact('hub.version', hub.version),
    fact(
      'hub.since',
      say('time.ago', { time: roughly(nowMs - hub.startedAtMs, reader) }),
      fullTime(hub.startedAtMs, reader),
    ),
    fact('hub.database', bytesWithUnit(hub.databaseBytes)),
    ...groupsFact(hub, reader),
    ...hub.kept.map(({ what, ms }) => fact(KEPT[what], say('hub.kept', { time: roughly(ms, reader) }))),
  ];
}

/** What people may by their groups, and whether that is still known. */
function groupsFact({ groupsRead }: HubFacts, reader: Reader) {
  const { say, nowMs } = reader;
  if (groupsRead === null) return [];
  const { atMs, says } = groupsRead;
  const read =
    atMs === null ? say('hub.groupsNever') : say('time.ago', { time: roughly(nowMs - atMs, reader) });
  return [
    {
      label: say('hub.groups'),
      value: read,
      title: atMs === null ? '' : fullTime(atMs, reader),
      ...(says === null
        ? {}
        : { second: say('hub.groupsFail', { says: phrase(says, reader.language) }), bad: true }),
    },
  ];
}

const KEPT = { events: 'hub.events', actions: 'hub.actions' } as const;
