import type { HostFacts, HostView, LinkFailure } from '../../fleet/host.ts';
import { openHere } from './alerts/open-here.ts';
import { alertReads } from './alerts/reads.ts';
import { sourceOf } from './attention.ts';
import { bandOf } from './band.ts';
import { chartOf } from './chart.ts';
import { bytesWithUnit, capital, clockTime, fullTime, precisely, roughly } from './format.ts';
import { groupCan, tailable } from './groups.ts';
import { checkView } from './host-check.ts';
import { hostRow, maintenanceWords } from './host-row.ts';
import { isAbout, latelyLines } from './lately.ts';
import { linkTo } from './links.ts';
import type { Get } from './loaded.ts';
import { missingPage } from './missing.ts';
import type { PageMaker } from './page.ts';
import { eventTable } from './past/event-table.ts';
import { optionLines } from './past/options.ts';
import { reachedWords } from './past/up-words.ts';
import { toldWords } from './process.ts';
import { hostRange, rangeLinks } from './ranges.ts';
import { mayAct, type Reader } from './reader.ts';
import { hereOf, reads } from './reads.ts';
import { NOTHING_PICKED, processRow } from './row-view.ts';
import { failureWords, sentence } from './sentence.ts';
import { tree } from './side.ts';
import { inOrder } from './table.ts';
import { type Tab, tabIn, tabsOf } from './tabs.ts';
import { groupBefore, type Member, type World } from './world.ts';

export const hostPage: PageMaker = (world, reader, { parts, params, get }) => {
  const name = parts[0] ?? '';
  const host = world.hosts.find((one) => one.name === name);
  const side = { template: 'partials/tree', model: tree(world, reader, { host: name }) };
  if (host === undefined)
    return missingPage('hosts', reader.say('missing.host', { name }), '/hosts', reader, side);
  const members = inOrder(world.byHost.get(host.id) ?? [], { sort: 'state', descending: false });
  const tabs: readonly Tab[] = (['now', 'log', 'config', 'history'] as const).map((tab) => ({
    name: tab,
    label: reader.say(`tab.${tab}`),
  }));
  const tab = tabIn(params, tabs);
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
        ...headOf(host, members, row.stale, reader),
        alerts: openHere(get(alertReads.ofHost(host.name)), reader),
        tabs: tabsOf(linkTo.host(host), tabs, tab),
        [tab]: TAB_MODELS[tab]?.({ host, members, params, get, world, reader }),
      },
    },
  };
};

function headOf(host: HostView, members: readonly Member[], isStale: boolean, reader: Reader): object {
  const { say } = reader;
  const { reachability } = host;
  return {
    id: host.id,
    notes: host.notes ?? '',
    maintenance: host.maintenance === undefined ? null : maintenanceWords(host.maintenance, reader),
    failure: reachability.kind === 'unreachable' ? failureTitle(reachability.failure, reader) : null,
    lastAnswer:
      host.lastSeenMs === null
        ? say('host.neverAnswered')
        : say('host.lastAnswer', { time: precisely(reader.nowMs - host.lastSeenMs, reader) }),
    selector: `${host.name}/*:*`,
    logs: linkTo.logsOf(tailable(members)),
    admin: reader.may('manage-hosts'),
    mayReload: reader.may('restart-supervisors') && !isStale,
    mayShutdown: reader.may('end-supervisors') && !isStale,
    ...groupCan(members, reader),
    mayAct: mayAct(reader) && !isStale,
  };
}

interface TabAsked {
  readonly host: HostView;
  readonly members: readonly Member[];
  readonly params: URLSearchParams;
  readonly get: Get;
  readonly world: World;
  readonly reader: Reader;
}

const TAB_MODELS: Readonly<Record<string, (asked: TabAsked) => unknown>> = {
  now: nowTab,
  log: logTab,
  config: configTab,
  history: ({ host, get, reader }) => {
    const events = hereOf(get(reads.hostEvents(host.name)))?.events.toReversed() ?? null;
    return {
      asking: events === null,
      named: true,
      events: events === null ? [] : eventTable(events, 'process', reader),
    };
  },
};

function nowTab({ host, members, params, get, world, reader }: TabAsked): unknown {
  const { say } = reader;
  const { name, hours } = hostRange(params, host, reader);
  const timeline = hereOf(get(reads.hostTimeline(host.name, hours)));
  const usage = host.kind === 'agent' ? hereOf(get(reads.hostUsage(host.name, hours))) : null;
  const isStale = host.reachability.kind === 'unreachable';
  const revoked = host.reachability.kind === 'unreachable' && host.reachability.failure.kind === 'revoked';
  const tailed = tailable(members);
  return {
    ranges: rangeLinks(linkTo.host(host), name, reader),
    band: timeline === null ? null : bandOf(timeline, [], reader),
    bandSays: timeline === null ? '' : reachedWords(timeline, reader),
    check: checkView(host, null, reader),
    enrol:
      host.kind === 'supervisord' || revoked
        ? {
            text: say(revoked ? 'enrol.rejoin' : 'enrol.text', { host: host.name }),
          }
        : null,
    charts:
      usage === null
        ? []
        : (['cpu', 'memory'] as const).flatMap(
            (one) => chartOf(one, usage, { marks: [], fresh: !isStale }, reader) ?? [],
          ),
    facts: facts(host, reader),
    rows: members.map((member) => processRow(member, reader, NOTHING_PICKED)),
    held: host.lastSeenMs === null || !isStale ? '' : clockTime(host.lastSeenMs, reader),
    tailed: isStale ? [] : tailed,
    processes: `/processes?host=${encodeURIComponent(host.name)}`,
    lately: latelyLines(
      world.fleet.lately.filter((event) => isAbout(event, { host: host.name })),
      world.fleet.actions,
      reader,
      8,
    ),
  };
}

/** Of a line of a supervisor's own log: what an operator looks for. */
const LOUD_LEVEL = /^\S+ \S+ (WARN|ERRO|CRIT) /;

function logTab({ host, get, reader }: TabAsked): unknown {
  const log = hereOf(get(reads.hostLog(host.name)));
  return {
    asking: log === null,
    problem: sentence(undefined, log?.says ?? '', reader),
    lines: log?.lines.map((text) => ({ text, loud: LOUD_LEVEL.test(text) })) ?? [],
    says: log === null ? '' : reader.say('hostLog.end', { n: log.lines.length }),
    cut: log?.cut === true,
    at: log === null ? '' : clockTime(log.atMs, reader),
  };
}

function configTab({ host, get, reader }: TabAsked): unknown {
  const config = hereOf(get(reads.hostConfig(host.name)));
  const processes = config?.processes ?? [];
  return {
    ...toldWords(config, reader),
    n: processes.length,
    told: config?.atMs != null,
    processes: processes.map((one) => ({
      key: `${one.group}:${one.name}`,
      group: groupBefore(one),
      name: one.name,
      link: `${linkTo.process({ host, process: one })}?tab=config`,
      command: one.options.command ?? '',
      lines: optionLines(one).filter(({ option, empty }) => option !== 'command' && !empty),
      names: one.environment ?? [],
    })),
  };
}

function failureTitle(failure: LinkFailure, reader: Reader): { title: string; mend: string } {
  const { cause, mend } = failureWords(failure, reader);
  return { title: capital(cause), mend };
}

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
    { label: say('fact.machine'), value: machineWords(host.facts?.machine, reader) },
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

function machineWords(machine: HostFacts['machine'], { say }: Reader): string {
  if (machine === undefined) return say('fact.untold');
  return say('fact.machineHas', { n: machine.cpus, memory: bytesWithUnit(machine.memoryBytes) });
}
