import type { HostView } from '../../fleet/host.ts';
import { openHere } from './alerts/open-here.ts';
import { alertReads } from './alerts/reads.ts';
import { sourceOf } from './attention.ts';
import { bandOf } from './band.ts';
import { chartOf } from './chart.ts';
import { bytesWithUnit, clockTime, fullTime, percent, precisely, roughly } from './format.ts';
import { isAbout, latelyLines } from './lately.ts';
import { linkTo } from './links.ts';
import type { Get } from './loaded.ts';
import { missingPage } from './missing.ts';
import type { PageMaker } from './page.ts';
import { type CrashPast, crashCount, crashList, crashMarks } from './past/crash-list.ts';
import { eventTable } from './past/event-table.ts';
import { noticeOf } from './past/notice.ts';
import { optionLines } from './past/options.ts';
import { upWords } from './past/up-words.ts';
import { rangeLinks, rangeOf } from './ranges.ts';
import type { Reader } from './reader.ts';
import { hereOf, type ProcessSubject, processPath, reads } from './reads.ts';
import { NOTHING_PICKED, processRow } from './row-view.ts';
import { sentence } from './sentence.ts';
import { tree } from './side.ts';
import { type Tab, tabIn, tabsOf } from './tabs.ts';
import { exitWords } from './why.ts';
import { type Member, shortName, targetOf, type World } from './world.ts';

export const processPage: PageMaker = (world, reader, { parts, params, get }) => {
  const [host = '', namespec = ''] = parts;
  const side = { template: 'partials/tree', model: tree(world, reader, { host }) };
  const member = world.members.find((one) => targetOf(one) === `${host}/${namespec}`);
  if (member === undefined)
    return missingPage(
      'processes',
      reader.say('missing.process', { name: `${host}/${namespec}` }),
      '/processes',
      reader,
      side,
    );
  const { process } = member;
  const page = linkTo.process(member);
  const tabs: readonly Tab[] = (['now', 'config', 'input', 'history'] as const).map((name) => ({
    name,
    label: reader.say(`tab.${name}`),
  }));
  const tab = tabIn(params, tabs);
  const subject = { host, group: process.group, process: process.name };
  return {
    nav: 'processes',
    title: shortName(process),
    found: true,
    side,
    main: {
      template: 'pages/process',
      model: {
        ...processRow(member, reader, NOTHING_PICKED),
        groupLink: linkTo.group(process.group),
        pid: process.pid === 0 ? null : process.pid,
        alerts: openHere(get(alertReads.ofProcess(subject.host, subject.group, subject.process)), reader),
        tabs: tabsOf(page, tabs, tab),
        [tab]: TAB_MODELS[tab]?.({ member, subject, page, params, get, world, reader }),
      },
    },
  };
};

interface TabAsked {
  readonly member: Member;
  readonly subject: ProcessSubject;
  readonly page: string;
  readonly params: URLSearchParams;
  readonly get: Get;
  readonly world: World;
  readonly reader: Reader;
}

const TAB_MODELS: Readonly<Record<string, (asked: TabAsked) => unknown>> = {
  now: nowTab,
  config: configTab,
  input: inputTab,
  history: ({ subject, get, reader }) => {
    const events = hereOf(get(reads.detail(subject)))?.events ?? null;
    return { asking: events === null, events: events === null ? [] : eventTable(events, 'nothing', reader) };
  },
};

/** More lines would hide what they stand in. */
const CHART_MARKS = 20;

function nowTab({ member, subject, page, params, get, world, reader }: TabAsked): unknown {
  const { process, host } = member;
  const { name, hours } = rangeOf(params, '1h');
  const timeline = hereOf(get(reads.timeline(subject, hours)));
  const usage = host.kind === 'agent' ? hereOf(get(reads.usage(subject, hours))) : null;
  const crashes = hereOf(get(reads.crashes(subject)));
  const past: CrashPast = { crashes: crashes ?? [], timeline, usage };
  const marks = crashMarks(past);
  return {
    stale: member.mark === 'stale',
    notice: noticeOf(member, past, reader),
    ranges: rangeLinks(page, name, reader),
    band: timeline === null ? null : bandOf(timeline, marks, reader),
    bandSays: timeline === null ? '' : upWords(timeline, marks.length, reader),
    crashesAsked: crashes !== null,
    crashes: crashList(past, reader),
    crashesSay: crashCount(past, reader),
    stderr: process.hasStderr
      ? `/api/v1/download?target=${encodeURIComponent(targetOf(member))}&channel=stderr`
      : '',
    measured: host.kind === 'agent',
    asking: usage === null,
    charts:
      usage === null
        ? []
        : (['memory', 'cpu'] as const).flatMap(
            (one) =>
              chartOf(one, usage, { marks: marks.slice(-CHART_MARKS), fresh: process.fresh }, reader) ?? [],
          ),
    facts: facts(member, reader),
    lately: latelyLines(
      world.fleet.lately.filter((event) => isAbout(event, subject)),
      world.fleet.actions,
      reader,
      8,
    ),
  };
}

function configTab({ subject, get, member, reader }: TabAsked): unknown {
  const config = hereOf(get(reads.config(subject)));
  const process = config?.process ?? null;
  return {
    ...toldWords(config, reader),
    lines: process === null ? [] : optionLines(process),
    names: process?.environment ?? [],
    knowsNames: process?.environment != null,
    noNames: namesMissing(member.host, process !== null, reader),
    gone: config !== null && config.atMs !== null && process === null,
  };
}

/** Whether it is known, since when, and why not. */
export function toldWords(
  told: { readonly atMs: number | null; readonly says: string } | null,
  reader: Reader,
): { asking: boolean; problem: string; asOf: string } {
  if (told === null) return { asking: true, problem: '', asOf: '' };
  const ago = told.atMs === null ? '' : roughly(reader.nowMs - told.atMs, reader);
  return {
    asking: false,
    problem: sentence(undefined, told.says, reader),
    asOf: ago === '' ? '' : reader.say('config.asOf', { time: ago }),
  };
}

function namesMissing(host: HostView, isKnown: boolean, { say }: Reader): string {
  return isKnown && host.kind !== 'agent' ? say('env.stock') : '';
}

function inputTab({ member, subject, reader }: TabAsked): unknown {
  const { process, host } = member;
  const { say } = reader;
  const why = !reader.may('send-input')
    ? say('cannot.viewer')
    : !process.fresh
      ? say('input.away', { host: host.name })
      : process.pid === 0
        ? say('input.noChild', { state: process.state })
        : '';
  return {
    path: `${processPath(subject)}/input`,
    why,
  };
}

function facts(member: Member, reader: Reader): unknown[] {
  const { process, host } = member;
  const { say, nowMs } = reader;
  const at = (ms: number): { value: string; title: string } =>
    ms === 0
      ? { value: '–', title: '' }
      : {
          value: `${clockTime(ms, reader)}, ${say('time.ago', { time: precisely(nowMs - ms, reader) })}`,
          title: fullTime(ms, reader),
        };
  return [
    {
      label: say('fact.state'),
      value: process.state,
      second: say('time.since', { time: precisely(nowMs - process.sinceMs, reader) }),
    },
    { label: say('fact.pid'), value: process.pid === 0 ? '–' : String(process.pid), mono: true },
    { label: say('fact.started'), ...at(process.startedAtMs) },
    { label: say('fact.stopped'), ...at(process.stoppedAtMs) },
    {
      label: say('fact.exit'),
      value: exitWords(member, reader) || '–',
      second:
        process.state === 'EXITED' && process.expected !== null
          ? say(process.expected ? 'fact.expected' : 'fact.unexpected')
          : '',
    },
    { label: say('fact.spawn'), value: process.spawnError || '–', bad: process.spawnError !== '' },
    { label: say('fact.restarts'), value: String(process.restarts), second: say('fact.inHour') },
    {
      label: say('fact.startsecs'),
      value: process.startMs === null ? '–' : say('time.seconds', { n: process.startMs / 1000 }),
    },
    {
      label: say('fact.cpu'),
      value: process.cpuPercent === null ? '–' : `${percent(process.cpuPercent)}%`,
      second: process.cpuPercent !== null ? say('fact.oneCore') : agentsOnly(host, reader),
    },
    {
      label: say('fact.memory'),
      value: process.memoryBytes === null ? '–' : bytesWithUnit(process.memoryBytes),
      second: process.memoryBytes === null ? agentsOnly(host, reader) : '',
    },
    { label: say('fact.host'), value: host.name, link: linkTo.host(host), second: sourceOf(host, reader) },
  ];
}

function agentsOnly(host: HostView, { say }: Reader): string {
  return host.kind === 'agent' ? '' : say('fact.agentsOnly');
}
