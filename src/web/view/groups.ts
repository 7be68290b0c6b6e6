import { attention, sourceOf } from './attention.ts';
import { bytesWithUnit, fullTime, mebibytes, percent, uptime } from './format.ts';
import { isAbout, latelyLines } from './lately.ts';
import { linkTo } from './links.ts';
import { MOST_SOURCES } from './logs.ts';
import { isTrouble, type Mark } from './marks.ts';
import { missingPage } from './missing.ts';
import type { PageMaker } from './page.ts';
import { mayAct, type Reader } from './reader.ts';
import { NOTHING_PICKED, processRow } from './row-view.ts';
import { treeGroups } from './side.ts';
import { mergedBeats, stripOf } from './strip.ts';
import { inOrder, summary } from './table.ts';
import { timeInState } from './why.ts';
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

export const groupPage: PageMaker = (world, reader, { parts }) => {
  const name = parts[0] ?? '';
  const members = world.byGroup.get(name);
  if (members === undefined)
    return missingPage(
      'groups',
      reader.say('missing.group', { name }),
      '/groups',
      reader,
      groupSide(world, null),
    );
  return {
    nav: 'groups',
    title: name,
    found: true,
    side: groupSide(world, name),
    main: {
      template: 'pages/group',
      model: {
        name,
        selector: `group ${name}`,
        n: members.length,
        counts: summary(members),
        grid: grid(members, reader),
        rows: inOrder(members, { sort: 'state', descending: false })
          .slice(0, ON_PHONE)
          .map((member) => processRow(member, reader, NOTHING_PICKED)),
        attention: { ...attention({ ...world, members, hosts: [] }, reader), quiet: null },
        lately: latelyLines(
          world.fleet.lately.filter((event) => isAbout(event, { group: name })),
          world.fleet.actions,
          reader,
          8,
        ),
        tailed: tailable(members),
        logs: linkTo.logsOf(tailable(members)),
        processes: `/processes?group=${encodeURIComponent(name)}&by=host`,
        ...groupCan(members, reader),
      },
    },
  };
};

/** As many logs of these as one reader follows at once. */
export function tailable(members: readonly Member[]): string[] {
  return members
    .filter(({ mark, process }) => mark !== 'stale' && (process.hasStdout || process.hasStderr))
    .slice(0, MOST_SOURCES)
    .map(targetOf);
}

function groupSide(world: World, current: string | null): { template: string; model: unknown } {
  return { template: 'partials/group-list', model: { groups: treeGroups(world, current) } };
}

function hostsOf(members: readonly Member[]): Member[] {
  return [...new Map(members.map((member) => [member.host.id, member])).values()].sort((a, b) =>
    compareNames(a.host.name, b.host.name),
  );
}

/** Rows of the group page on a phone; more are a tap away in the process table. */
const ON_PHONE = 60;

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

interface GridCell {
  readonly mark: Mark;
  readonly link: string;
  readonly time: string;
  readonly title: string;
  readonly second: string;
  readonly loud: boolean;
}

/** Where it runs: a row per process name, a column per host. */
function grid(members: readonly Member[], reader: Reader): unknown {
  const hosts = hostsOf(members).map(({ host }) => host);
  const at = new Map(members.map((member) => [`${member.host.id}/${member.process.name}`, member]));
  const names = [...new Set(members.map(({ process }) => process.name))].sort(compareNames);
  return {
    hosts: hosts.map((host) => ({
      name: host.name,
      link: linkTo.host(host),
      source: sourceOf(host, reader),
      stale: host.reachability.kind === 'unreachable',
    })),
    rows: names.map((name) => ({
      name,
      cells: hosts.map((host) => {
        const member = at.get(`${host.id}/${name}`);
        return member === undefined ? null : cellOf(member, reader);
      }),
    })),
  };
}

function cellOf(member: Member, reader: Reader): GridCell {
  const { process, mark } = member;
  const numbers =
    process.cpuPercent === null || process.memoryBytes === null || mark === 'stale'
      ? '–'
      : `${percent(process.cpuPercent)}% · ${bytesWithUnit(process.memoryBytes)}`;
  const up = mark === 'running' || mark === 'flapping';
  return {
    mark,
    link: linkTo.process(member),
    time: timeInState(member, reader, (ms) => uptime(ms, reader)).text,
    title: fullTime(process.sinceMs, reader),
    second:
      up || mark === 'stale'
        ? mark === 'stale'
          ? reader.say('mark.was', { state: process.state })
          : numbers
        : process.state,
    loud: isTrouble(mark),
  };
}
