import { mebibytes, percent } from './format.ts';
import { MOST_SOURCES } from './logs.ts';
import type { PageMaker } from './page.ts';
import { mayAct, type Reader } from './reader.ts';
import { treeGroups } from './side.ts';
import { mergedBeats, stripOf } from './strip.ts';
import { summary } from './table.ts';
import { compareNames, type Member, targetOf, type World } from './world.ts';

export const groupsPage: PageMaker = (world, reader) => ({
  nav: 'groups',
  title: reader.say('nav.groups'),
  found: true,
  side: groupSide(world, null),
  main: {
    template: 'pages/groups',
    model: {
      groups: treeGroups(world, null).map((group) => {
        const members = world.byGroup.get(group.name) ?? [];
        const measured = members.filter(
          ({ process, mark }) => process.cpuPercent !== null && mark !== 'stale',
        );
        return {
          ...group,
          counts: summary(members),
          hostNames: hostsOf(members)
            .map(({ host }) => host.name)
            .join(', '),
          programs: [...new Set(members.map(({ program }) => program))].sort(compareNames).join(', '),
          restarts: members.reduce((sum, { process }) => sum + process.restarts, 0),
          cpu:
            measured.length === 0
              ? '–'
              : percent(measured.reduce((sum, { process }) => sum + (process.cpuPercent ?? 0), 0)),
          memory:
            measured.length === 0
              ? '–'
              : mebibytes(measured.reduce((sum, { process }) => sum + (process.memoryBytes ?? 0), 0)),
          strip: stripOf(mergedBeats(members.map(({ process }) => process)), false),
          selector: `group ${group.name}`,
          ...groupCan(members, reader),
        };
      }),
      n: world.byGroup.size,
    },
  },
});

/** As many logs of these as one reader follows at once. */
export function tailable(members: readonly Member[]): string[] {
  return members
    .filter(({ mark, process }) => mark !== 'stale' && (process.hasStdout || process.hasStderr))
    .slice(0, MOST_SOURCES)
    .map(targetOf);
}

export function groupSide(world: World, current: string | null): { template: string; model: unknown } {
  return { template: 'partials/group-list', model: { groups: treeGroups(world, current) } };
}

export function hostsOf(members: readonly Member[]): Member[] {
  return [...new Map(members.map((member) => [member.host.id, member])).values()].sort((a, b) =>
    compareNames(a.host.name, b.host.name),
  );
}

const UP: ReadonlySet<string> = new Set(['RUNNING', 'STARTING', 'BACKOFF']);

/** How many each verb would touch: the numbers on the buttons. */
export function groupCan(
  members: readonly Member[],
  reader: Reader,
): { stopN: number; startN: number; restartN: number; mayAct: boolean } {
  const fresh = members.filter(({ mark }) => mark !== 'stale');
  const up = fresh.filter(({ process }) => UP.has(process.state)).length;
  return { stopN: up, startN: fresh.length - up, restartN: fresh.length, mayAct: mayAct(reader) };
}
