import type { Action, ActionTarget, Outcome, Target } from '../../fleet/action.ts';
import { targetSelector } from '../../fleet/target.ts';
import { type Times, timesOf } from './action-times.ts';
import { approvalOf } from './approval.ts';
import { clockOrDay, clockTime, fullTime, precisely } from './format.ts';
import {
  againOf,
  didFail,
  isOpen as isOpenKind,
  type Job,
  jobOf,
  namesIn,
  outcomeWord,
  tallyOf,
} from './jobs.ts';
import { linkTo } from './links.ts';
import { missingPage } from './missing.ts';
import type { PageMaker } from './page.ts';
import { paceFlags } from './plan-pace.ts';
import { mayAct, type Reader } from './reader.ts';
import { sentence } from './sentence.ts';
import {
  type ActionRow,
  MANY,
  type TargetList,
  type TargetQuery,
  targetLink,
  targetList,
  targetQuery,
} from './target-list.ts';
import type { World } from './world.ts';

export const actionsPage: PageMaker = (world, reader) => ({
  nav: 'actions',
  title: reader.say('nav.actions'),
  found: true,
  side: actionSide(world, null, reader),
  main: {
    template: 'pages/actions',
    model: {
      actions: world.fleet.actions.map((action) => listed(action, reader)),
      none: world.fleet.actions.length === 0,
    },
  },
});

function listed(
  action: Action,
  reader: Reader,
): Job & { time: string; timeTitle: string; took: string; hosts: number } {
  return {
    ...jobOf(action, reader),
    time: clockOrDay(action.startedAtMs, reader),
    timeTitle: fullTime(action.startedAtMs, reader),
    took: precisely((action.finishedAtMs ?? reader.nowMs) - action.startedAtMs, reader),
    hosts: hostsIn(action),
  };
}

const hostCounts = new WeakMap<Action, number>();

function hostsIn(action: Action): number {
  const n = hostCounts.get(action) ?? new Set(action.targets.map(({ hostId }) => hostId)).size;
  hostCounts.set(action, n);
  return n;
}

function actionSide(
  world: World,
  current: string | null,
  reader: Reader,
): { template: string; model: unknown } {
  const all = world.fleet.actions
    .slice(0, 40)
    .map((action) => ({ ...listed(action, reader), current: action.id === current }));
  return {
    template: 'partials/action-list',
    model: { running: all.filter(({ running }) => running), ended: all.filter(({ running }) => !running) },
  };
}

export const actionPage: PageMaker = (world, reader, { parts, params, action: known }) => {
  const id = parts[0] ?? '';
  const action = world.fleet.actions.find((one) => one.id === id) ?? known(id);
  const side = actionSide(world, id, reader);
  if (action === null) return missingPage('actions', reader.say('missing.action'), '/actions', reader, side);
  const job = jobOf(action, reader);
  const times = timesOf(action, reader);
  const query = targetQuery(params);
  const list = targetList(action, query);
  const from = firstShown(list, params);
  const failed = namesIn(action, 'failed');
  return {
    nav: 'actions',
    title: job.title,
    found: true,
    again: job.running,
    side,
    main: {
      template: 'pages/action',
      model: {
        ...job,
        began: clockTime(action.startedAtMs, reader),
        beganTitle: fullTime(action.startedAtMs, reader),
        took: precisely((action.finishedAtMs ?? reader.nowMs) - action.startedAtMs, reader),
        cancelledBy: action.cancelledBy,
        waiting: tallyOf(action).waiting,
        kinds: job.counts.map((count) => outcomeFilter(count, linkTo.action(id), query)),
        retry: job.running || failed.length === 0 ? null : againOf(action, 'failed'),
        signal: action.signal ?? '',
        failedN: failed.length,
        mayAct: mayAct(reader),
        rows: list.rows
          .slice(from, from + (list.rows.length > MANY ? SHOWN : MANY))
          .map((row) => rowOf(row, action, times, reader)),
        rowCount: list.rows.length + 1,
        many: list.rows.length > MANY,
        filter:
          action.targets.length > FILTERED_FROM || isFiltered(query) ? filterOf(list, action, query) : null,
        pages: pagesOf(list, from, linkTo.action(id), query, reader),
        nothing: action.targets.length === 0,
        times,
        runningWord: 'RUNNING',
        failures: failuresOf(action, reader),
        tailed: failed.length > 0 && failed.every((name) => name.includes('/')) ? failed.slice(0, 8) : [],
        cli: `${cliLine(action.verb, action.selector, action.signal)}${paceFlags(action.pace)}`,
        approval: approvalOf(action, reader),
        progress: progressOf(action, reader),
      },
    },
  };
};

/** `host/group:name`, or `host` where the target is a supervisor, as the API names it. */
export function targetName({ host, group, process }: Pick<Target, 'host' | 'group' | 'process'>): string {
  return process === '' ? host : `${host}/${group}:${process}`;
}

/** The same as a command. A selector with anything a shell would read is quoted. */
export function cliLine(verb: string, selector: string, signal?: string): string {
  const what = signal === undefined ? verb : `${verb} ${signal}`;
  return `fleetvisor ${what} ${/^group [\w.-]+$/.test(selector) ? selector : `'${selector.replaceAll("'", `'\\''`)}'`}`;
}

/** How far a rolling action is, and what it waits for; null where there is nothing to add. */
function progressOf({ progress, pace, finishedAtMs }: Action, reader: Reader): unknown {
  if (progress === undefined || (finishedAtMs !== null && progress.phase === 'over')) return null;
  const { say, nowMs } = reader;
  const leftMs = progress.untilMs === null ? 0 : Math.max(0, progress.untilMs - nowMs);
  const failures =
    pace?.mode === 'rolling' && pace.onFailure === 'abort'
      ? say('progress.failures', { n: pace.maxFailures })
      : '';
  return {
    asks: progress.phase === 'asking',
    batch:
      progress.batches > 1
        ? say('progress.batch', { n: Math.min(progress.batch + 1, progress.batches), all: progress.batches })
        : '',
    says: [
      progress.phase === 'pausing' ? say('progress.pausing', { time: precisely(leftMs, reader) }) : '',
      progress.phase === 'asking' ? say('progress.asking') : '',
      progress.phase === 'stopped' ? say('progress.stopped') : '',
      sentence(progress.said, progress.says ?? '', reader),
      progress.phase === 'running' || progress.phase === 'pausing' ? failures : '',
    ]
      .filter(Boolean)
      .join(' '),
  };
}

/** What the next failure would do; null where none has happened, or nothing depends on their number. */
function failuresOf(action: Action, { say }: Reader): unknown {
  const { pace, finishedAtMs } = action;
  const n = namesIn(action, 'failed').length;
  if (n === 0 || finishedAtMs !== null || pace?.mode !== 'rolling' || pace.onFailure !== 'abort') return null;
  const left = pace.maxFailures - n;
  if (left <= 0) return null;
  return {
    bold: say('action.failuresOf', { n, all: pace.maxFailures }),
    rest: left === 1 ? say('action.oneMoreEnds') : say('action.moreEnd', { n: left }),
  };
}

/** So many rows are on one page where no script draws more of them. */
const SHOWN = 100;
/** A list this long is worth a filter. */
const FILTERED_FROM = 20;

const isFiltered = ({ text, outcome }: TargetQuery): boolean => text !== '' || outcome !== null;

function outcomeFilter(count: Job['counts'][number], path: string, query: TargetQuery): unknown {
  const on = query.outcome === count.kind;
  return { ...count, on, link: targetLink(path, { ...query, outcome: on ? null : count.kind }) };
}

function filterOf({ matched }: TargetList, { id, targets }: Action, { text, outcome }: TargetQuery): unknown {
  return {
    path: linkTo.action(id),
    text,
    outcome,
    matched,
    all: targets.length,
    filtered: text !== '' || outcome !== null,
    none: matched === 0,
  };
}

/** A row as its template gets it. */
export function rowOf(row: ActionRow, action: Action, times: Times, reader: Reader): unknown {
  const shared = { key: row.key, ticks: times.ticks, now: times.now };
  if (row.kind === 'target') return { ...shared, ...targetLine(action, row.target, times, reader) };
  const { host, batch, targets } = row;
  return {
    ...shared,
    block: true,
    host,
    batch: batch === null ? null : reader.say('plan.batch', { n: batch + 1 }),
    link: linkTo.host({ name: host }),
    n: targets.length,
    says: jobOf({ ...action, targets }, reader).says,
    mark: blockMark(targets),
    took: blockTook(targets, reader),
    span: times.span(targets),
  };
}

/** Which of many rows are shown, and where the others are; null: these are all. */
function pagesOf(
  { rows }: TargetList,
  from: number,
  path: string,
  query: TargetQuery,
  { say }: Reader,
): unknown {
  const all = rows.length;
  if (all <= MANY) return null;
  const to = Math.min(all, from + SHOWN);
  return {
    says: say('action.shown', { from: from + 1, to, all }),
    before: from === 0 ? null : targetLink(path, query, Math.max(0, from - SHOWN)),
    after: to === all ? null : targetLink(path, query, to),
  };
}

function firstShown({ rows }: TargetList, params: URLSearchParams): number {
  const from = Number(params.get('from') ?? 0);
  return Number.isSafeInteger(from) && from > 0 && from < rows.length ? from : 0;
}

/** From the first of them that was begun to the last that ended. */
function blockTook(targets: readonly ActionTarget[], reader: Reader): string {
  const steps = targets.flatMap((target) => target.steps ?? []).map(({ atMs }) => atMs);
  if (steps.length === 0) return '';
  const isOpen = targets.some(({ outcome }) => isOpenKind(outcome.kind));
  return precisely((isOpen ? reader.nowMs : Math.max(...steps)) - Math.min(...steps), reader);
}

function blockMark(targets: readonly ActionTarget[]): string {
  if (targets.some(({ outcome }) => didFail(outcome.kind))) return 'fatal';
  if (targets.some(({ outcome }) => outcome.kind === 'working')) return 'starting';
  if (targets.some(({ outcome }) => outcome.kind === 'waiting')) return 'waiting';
  return targets.every(({ outcome }) => outcome.kind === 'cancelled') ? 'dash' : 'done';
}

function spanMs({ outcome }: ActionTarget, { nowMs }: Reader): number {
  if (outcome.kind === 'done') return outcome.tookMs;
  return outcome.kind === 'working' ? Math.max(0, nowMs - outcome.sinceMs) : 0;
}

function targetLine(action: Action, target: ActionTarget, times: Times, reader: Reader): object {
  const { outcome } = target;
  const ms = spanMs(target, reader);
  return {
    group: target.group,
    name: target.process,
    supervisor: target.process === '' ? target.host : null,
    link:
      target.process === ''
        ? linkTo.host({ name: target.host })
        : linkTo.process({
            host: { name: target.host },
            process: { group: target.group, name: target.process },
          }),
    target: targetName(target),
    selector: targetSelector(target),
    kind: outcome.kind,
    mark: MARK_OF[outcome.kind],
    word: outcome.kind === 'done' ? outcome.state : outcomeWord(outcome.kind, action, reader),
    failed: didFail(outcome.kind),
    detail: detailOf(outcome, reader),
    took: ms > 0 || outcome.kind === 'done' ? precisely(ms, reader) : '',
    stretches: times.stretches(target),
    open: isOpenKind(outcome.kind),
    verb: action.verb,
    signal: action.signal ?? '',
  };
}

const MARK_OF = {
  waiting: 'waiting',
  working: 'starting',
  done: 'done',
  refused: 'fatal',
  failed: 'fatal',
  unreachable: 'unreachable',
  unknown: 'unknown',
  cancelled: 'dash',
} as const satisfies Record<Outcome['kind'], string>;

function detailOf(outcome: Outcome, reader: Reader): string {
  if ('says' in outcome && outcome.says !== undefined) return sentence(outcome.said, outcome.says, reader);
  if (outcome.kind === 'working') return outcome.state;
  if (outcome.kind === 'done') return pidsOf(outcome.pids, reader);
  return 'reason' in outcome ? sentence(outcome.said, outcome.reason, reader) : '';
}

/** Which child took the place of which; the same one was there before. */
function pidsOf(pids: Extract<Outcome, { kind: 'done' }>['pids'], { say }: Reader): string {
  if (pids === undefined) return '';
  const [before, after] = [String(pids.before), String(pids.after)];
  if (before === after) return say('action.pidSame', { pid: after });
  return pids.before === 0 ? say('action.pidNew', { pid: after }) : say('action.pids', { before, after });
}
