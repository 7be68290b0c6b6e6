import type { Drift } from '../../fleet/process-options.ts';
import { attention, sourceOf } from './attention.ts';
import { bytesWithUnit, fullTime, percent, uptime } from './format.ts';
import { groupCan, groupSide, hostsOf, tailable } from './groups.ts';
import { isAbout, latelyLines } from './lately.ts';
import { linkTo } from './links.ts';
import type { Get } from './loaded.ts';
import { isTrouble, type Mark } from './marks.ts';
import { missingPage } from './missing.ts';
import type { PageMaker } from './page.ts';
import { eventTable } from './past/event-table.ts';
import type { Reader } from './reader.ts';
import { hereOf, reads } from './reads.ts';
import { NOTHING_PICKED, processRow } from './row-view.ts';
import { sentence } from './sentence.ts';
import { mergedBeats, stripOf, troubledHours } from './strip.ts';
import { inOrder, summary } from './table.ts';
import { type Tab, tabIn, tabsOf } from './tabs.ts';
import { timeInState } from './why.ts';
import { compareNames, type Member, type World } from './world.ts';

export const groupPage: PageMaker = (world, reader, { parts, params, get }) => {
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
  const drift = hereOf(get(reads.drift(name)));
  const counts: Readonly<Record<string, number | undefined>> = {
    members: members.length,
    drift: drift?.rows.length,
  };
  const tabs: readonly Tab[] = (['members', 'drift', 'logs', 'history'] as const).map((tab) => ({
    name: tab,
    label: reader.say(`tab.${tab}`),
    n: counts[tab],
  }));
  const tab = tabIn(params, tabs);
  const tailed = tailable(members);
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
        counts: summary(members),
        logsLink: linkTo.logsOf(tailed),
        tabs: tabsOf(linkTo.group(name), tabs, tab),
        ...groupCan(members, reader),
        [tab]: TAB_MODELS[tab]?.({ name, members, drift, tailed, get, world, reader }),
      },
    },
  };
};

interface TabAsked {
  readonly name: string;
  readonly members: readonly Member[];
  readonly drift: Drift | null;
  readonly tailed: readonly string[];
  readonly get: Get;
  readonly world: World;
  readonly reader: Reader;
}

const TAB_MODELS: Readonly<Record<string, (asked: TabAsked) => unknown>> = {
  members: membersTab,
  drift: ({ drift, reader }) => driftView(drift, reader),
  logs: ({ name, tailed }) => ({ name, tailed, link: linkTo.logsOf(tailed) }),
  history: ({ name, get, reader }) => {
    const events = hereOf(get(reads.groupEvents(name)))?.events.toReversed() ?? null;
    return {
      asking: events === null,
      named: true,
      events: events === null ? [] : eventTable(events, 'target', reader),
    };
  },
};

/** Rows of the group page on a phone; more are a tap away in the process table. */
const ON_PHONE = 60;

function membersTab({ name, members, drift, world, reader }: TabAsked): unknown {
  return {
    attention: { ...attention({ ...world, members, hosts: [] }, reader), quiet: null },
    grid: grid(members, reader),
    rows: inOrder(members, { sort: 'state', descending: false })
      .slice(0, ON_PHONE)
      .map((member) => processRow(member, reader, NOTHING_PICKED)),
    processes: `/processes?group=${encodeURIComponent(name)}&by=host`,
    days: hostsOf(members).map(({ host }) => dayOf(host.name, members, reader)),
    drift: driftView(drift, reader),
    driftLink: `${linkTo.group(name)}?tab=drift`,
    lately: latelyLines(
      world.fleet.lately.filter((event) => isAbout(event, { group: name })),
      world.fleet.actions,
      reader,
      8,
    ),
  };
}

/** The last day of a group on one host: the worst of its processes, hour by hour. */
function dayOf(host: string, members: readonly Member[], reader: Reader): unknown {
  const own = members.filter((member) => member.host.name === host);
  const beats = mergedBeats(own.map(({ process }) => process));
  const troubled = troubledHours(beats);
  const isStale = own.some(({ mark }) => mark === 'stale');
  return {
    host,
    link: linkTo.host({ name: host }),
    strip: stripOf(beats, isStale),
    troubled: troubled > 0,
    says: troubled === 0 ? reader.say('group.well') : reader.say('group.troubled', { n: troubled }),
  };
}

/** What differs, the commonest value first and then who has another one; calm where nothing does. */
function driftView(drift: Drift | null, reader: Reader): unknown {
  const { say } = reader;
  if (drift === null) return { asking: true, rows: [] };
  const { rows, compared, missing } = drift;
  return {
    asking: false,
    calm:
      compared.length < 2
        ? say('drift.one')
        : rows.length === 0
          ? say('drift.none', { n: compared.length })
          : '',
    says: rows.length === 0 ? '' : say('drift.options', { n: rows.length }),
    rows: rows.map(({ program, option, values: [most, ...others] }) => ({
      key: `${program} ${option}`,
      program,
      option,
      most: most?.value ?? '',
      mostOn: say('drift.on', { n: most?.hosts.length ?? 0 }),
      mostHosts: most?.hosts.join(', ') ?? '',
      others: others.map(({ value, hosts }) => ({ value, hosts })),
    })),
    missing: missing.map(({ host, says }) => ({
      host,
      link: linkTo.host({ name: host }),
      says: sentence(undefined, says, reader),
    })),
  };
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
