import { sourceOf } from './attention.ts';
import { bytesWithUnit, clockTime, fullTime, hourMinute, percent, precisely } from './format.ts';
import { isAbout, latelyLines } from './lately.ts';
import { linkTo } from './links.ts';
import { missingPage } from './missing.ts';
import type { PageMaker } from './page.ts';
import type { Reader } from './reader.ts';
import { NOTHING_PICKED, processRow } from './row-view.ts';
import { failureWords } from './sentence.ts';
import { tree } from './side.ts';
import { exitWords, isTooQuick, lastWords } from './why.ts';
import { type Member, targetOf } from './world.ts';

export const processPage: PageMaker = (world, reader, { parts }) => {
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
  const row = processRow(member, reader, NOTHING_PICKED);
  return {
    nav: 'processes',
    title: `${process.group}:${process.name}`,
    found: true,
    side,
    main: {
      template: 'pages/process',
      model: {
        ...row,
        groupLink: linkTo.group(process.group),
        pid: process.pid === 0 ? null : process.pid,
        notice: notice(member, reader),
        facts: facts(member, reader),
        crash: crash(member, reader),
        crashPath: `${encodeURIComponent(host)}/${encodeURIComponent(namespec)}`,
        axis: [0, 6, 12, 18].map((hour) => hourMinute(reader.nowMs - (24 - hour) * 3_600_000, reader)),
        lately: latelyLines(
          world.fleet.lately.filter((event) =>
            isAbout(event, { host, group: process.group, process: process.name }),
          ),
          world.fleet.actions,
          reader,
          8,
        ),
        channels: [...(process.hasStdout ? ['stdout'] : []), ...(process.hasStderr ? ['stderr'] : [])],
        logs: linkTo.logsOf([targetOf(member)]),
      },
    },
  };
};

/** What is wrong in words, and the two usual ways out. */
function notice(member: Member, reader: Reader): unknown {
  const { mark, process, host } = member;
  const { say } = reader;
  const words = lastWords(member);
  const exit = exitWords(member, reader);
  const target = targetOf(member);
  const start = { does: 'start', label: say('do.startAgain'), target };
  const stop = (label: string): object => ({ does: 'stop', label, target });
  if (mark === 'fatal')
    return {
      mark,
      bold: say('notice.fatal'),
      rest: isTooQuick(process.spawnError) && words !== '' ? words : process.spawnError || words || exit,
      action: start,
    };
  if (mark === 'backoff')
    return {
      mark,
      bold: say('notice.backoff'),
      rest: [exit, process.spawnError || words].filter(Boolean).join(': '),
      action: stop(say('do.stopRetrying')),
    };
  if (mark === 'flapping')
    return {
      mark,
      bold: say('notice.flapping', { n: process.restarts }),
      rest: exit === '' ? say('notice.flappingRead') : say('notice.flappingRest', { exit }),
      action: stop(say('do.stopRestarting')),
    };
  if (mark === 'crashed') return { mark, bold: say('notice.crashed', { exit }), rest: words, action: start };
  if (mark === 'stale' && host.reachability.kind === 'unreachable') {
    return {
      mark: 'unreachable',
      bold: say('notice.stale', { host: host.name }),
      rest: say('notice.causeMend', failureWords(host.reachability.failure, reader)),
      action: null,
      link: linkTo.host(host),
    };
  }
  return null;
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
      second:
        process.cpuPercent !== null
          ? say('fact.oneCore')
          : host.kind === 'agent'
            ? ''
            : say('fact.agentsOnly'),
    },
    {
      label: say('fact.memory'),
      value: process.memoryBytes === null ? '–' : bytesWithUnit(process.memoryBytes),
      second: process.memoryBytes === null && host.kind !== 'agent' ? say('fact.agentsOnly') : '',
    },
    { label: say('fact.host'), value: host.name, link: linkTo.host(host), second: sourceOf(host, reader) },
  ];
}

function crash({ process }: Member, reader: Reader): unknown {
  if (process.crash === null) return null;
  return {
    time: clockTime(process.crash.atMs, reader),
    title: fullTime(process.crash.atMs, reader),
    ago: reader.say('time.ago', { time: precisely(reader.nowMs - process.crash.atMs, reader) }),
    lines: process.crash.lines,
    none: process.crash.lines.length === 0,
  };
}
