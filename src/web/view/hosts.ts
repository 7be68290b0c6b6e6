import type { HostView, LinkFailure, Maintenance } from '../../fleet/host.ts';
import { sourceOf } from './attention.ts';
import { clockTime, fullTime, precisely, roughly } from './format.ts';
import { groupCan, tailable } from './groups.ts';
import { isAbout, latelyLines } from './lately.ts';
import { linkTo } from './links.ts';
import { hostMark, rankOf, worstOf } from './marks.ts';
import { missingPage } from './missing.ts';
import type { PageMaker } from './page.ts';
import { mayAct, type Reader } from './reader.ts';
import { NOTHING_PICKED, processRow } from './row-view.ts';
import { failureWords } from './sentence.ts';
import { tree } from './side.ts';
import { mergedBeats, stripOf } from './strip.ts';
import { inOrder, summary } from './table.ts';
import type { World } from './world.ts';

const STATE_TEST: Readonly<Record<string, (host: HostView) => boolean>> = {
  unreachable: ({ reachability }) => reachability.kind === 'unreachable',
  up: ({ reachability }) => reachability.kind === 'reachable',
};

export const hostsPage: PageMaker = (world, reader, { params }) => {
  const state = params.get('state') ?? '';
  const test = Object.hasOwn(STATE_TEST, state) ? STATE_TEST[state] : undefined;
  const hosts = (test === undefined ? [...world.hosts] : world.hosts.filter(test)).map((host) =>
    hostRow(host, world, reader),
  );
  hosts.sort((a, b) => rankOf(a.worst) - rankOf(b.worst));
  return {
    nav: 'hosts',
    title: reader.say('nav.hosts'),
    found: true,
    side: { template: 'partials/tree', model: tree(world, reader, { all: true }) },
    main: {
      template: 'pages/hosts',
      model: {
        hosts,
        n: hosts.length,
        total: world.hosts.length,
        filtered: test !== undefined,
        admin: reader.role === 'admin',
        noHosts: world.hosts.length === 0,
      },
    },
  };
};

function hostRow(host: HostView, world: World, reader: Reader) {
  const members = world.byHost.get(host.id) ?? [];
  const reach = hostMark(host);
  const failure = host.reachability.kind === 'unreachable' ? host.reachability.failure : null;
  return {
    key: host.id,
    name: host.name,
    link: linkTo.host(host),
    mark: reach,
    worst: worstOf([reach === 'running' ? worstOf(members.map(({ mark }) => mark)) : reach]),
    reach: reachWord(host, reader),
    stale: failure !== null,
    source: sourceOf(host, reader),
    environment: host.environment ?? '',
    tags: host.tags,
    address: host.url ?? reader.say('host.dialsIn'),
    seen:
      host.lastSeenMs === null
        ? reader.say('time.never')
        : reader.say('time.ago', { time: roughly(reader.nowMs - host.lastSeenMs, reader) }),
    n: members.length,
    counts: summary(members),
    strip: stripOf(mergedBeats(members.map(({ process }) => process)), failure !== null),
    why: failure?.says ?? '',
    working: host.maintenance === undefined ? '' : maintenanceWords(host.maintenance, reader).rest,
  };
}

function maintenanceWords(
  { untilMs, note, by }: Maintenance,
  reader: Reader,
): { bold: string; rest: string } {
  const { say } = reader;
  const until =
    untilMs === null
      ? say('maintain.open')
      : say('maintain.left', { time: roughly(untilMs - reader.nowMs, reader) });
  return { bold: say('maintain.now', { by }), rest: [until, note].filter(Boolean).join('. ') };
}

const REACH = {
  reachable: 'reach.reachable',
  unreachable: 'mark.unreachable',
  connecting: 'reach.connecting',
  disabled: 'reach.disabled',
} as const;

function reachWord(host: HostView, { say }: Reader): string {
  return say(REACH[host.reachability.kind]);
}

export const hostPage: PageMaker = (world, reader, { parts }) => {
  const name = parts[0] ?? '';
  const host = world.hosts.find((one) => one.name === name);
  const side = { template: 'partials/tree', model: tree(world, reader, { host: name }) };
  if (host === undefined)
    return missingPage('hosts', reader.say('missing.host', { name }), '/hosts', reader, side);
  const members = inOrder(world.byHost.get(host.id) ?? [], { sort: 'state', descending: false });
  const { say } = reader;
  const row = hostRow(host, world, reader);
  return {
    nav: 'hosts',
    title: name,
    found: true,
    side,
    main: {
      template: 'pages/host',
      model: {
        ...row,
        id: host.id,
        notes: host.notes ?? '',
        maintenance: host.maintenance === undefined ? null : maintenanceWords(host.maintenance, reader),
        since: roughly(reader.nowMs - host.reachability.sinceMs, reader),
        sinceTitle: fullTime(host.reachability.sinceMs, reader),
        failure:
          host.reachability.kind === 'unreachable' ? failureTitle(host.reachability.failure, reader) : null,
        lastAnswer:
          host.lastSeenMs === null
            ? say('host.neverAnswered')
            : say('host.lastAnswer', { time: precisely(reader.nowMs - host.lastSeenMs, reader) }),
        facts: facts(host, reader),
        rows: members.map((member) => processRow(member, reader, NOTHING_PICKED)),
        held: host.lastSeenMs === null || row.stale === false ? '' : clockTime(host.lastSeenMs, reader),
        lately: latelyLines(
          world.fleet.lately.filter((event) => isAbout(event, { host: name })),
          world.fleet.actions,
          reader,
          8,
        ),
        selector: `${name}/*:*`,
        tailed: tailable(members),
        logs: linkTo.logsOf(tailable(members)),
        processes: `/processes?host=${encodeURIComponent(name)}`,
        admin: reader.role === 'admin',
        ...groupCan(members, reader),
        mayAct: mayAct(reader) && !row.stale,
      },
    },
  };
};

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function facts(
  host: HostView,
  reader: Reader,
): { label: string; value: string; title?: string; mono?: boolean }[] {
  const { say } = reader;
  const skew = host.facts?.clockSkewMs ?? null;
  return [
    { label: say('fact.source'), value: sourceOf(host, reader) },
    { label: say('fact.address'), value: host.url ?? say('host.dialsIn'), mono: host.url !== null },
    { label: say('fact.identifier'), value: host.facts?.identifier ?? '–' },
    { label: say('fact.daemon'), value: host.facts === null ? '–' : host.facts.daemonState },
    { label: say('fact.pid'), value: host.facts?.pid == null ? '–' : String(host.facts.pid), mono: true },
    {
      label: say('fact.skew'),
      value:
        skew === null
          ? '–'
          : say(Math.abs(skew) < 1000 ? 'fact.skewNone' : skew > 0 ? 'fact.skewAhead' : 'fact.skewBehind', {
              time: precisely(Math.abs(skew), reader),
            }),
    },
    { label: say('fact.environment'), value: host.environment ?? say('env.none') },
    {
      label: say('fact.tags'),
      value: host.tags.length === 0 ? '–' : host.tags.map((tag) => `#${tag}`).join(' '),
    },
    {
      label: say('fact.added'),
      value: say('time.ago', { time: roughly(reader.nowMs - host.createdAtMs, reader) }),
      title: fullTime(host.createdAtMs, reader),
    },
  ];
}

function failureTitle(failure: LinkFailure, reader: Reader): { title: string; mend: string } {
  const { cause, mend } = failureWords(failure, reader);
  return { title: capital(cause), mend };
}
