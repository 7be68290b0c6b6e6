import type { Crash } from '../../../api/contract.ts';
import type { UsageSeries } from '../../../fleet/metrics.ts';
import type { Timeline } from '../../../fleet/timeline.ts';
import type { BandMark } from '../band.ts';
import { bytesWithUnit, clockOrDay, fullTime, precisely, roughly } from '../format.ts';
import type { Reader } from '../reader.ts';

const SHOWN = 20;

/** What crashes of one process are told with: when it ran, what it used. */
export interface CrashPast {
  readonly crashes: readonly Crash[];
  readonly timeline: Timeline | null;
  readonly usage: UsageSeries | null;
}

/** The crashes within the timeline, numbered from the oldest: the number stands in list, band and charts. */
export function crashMarks({ crashes, timeline }: CrashPast): BandMark[] {
  if (timeline === null) return [];
  return crashes
    .filter(({ atMs }) => atMs >= timeline.fromMs && atMs <= timeline.toMs)
    .toReversed()
    .map(({ atMs }, nth) => ({ n: nth + 1, atMs }));
}

/** How many there are, and how many of them the list holds. */
export function crashCount({ crashes }: Pick<CrashPast, 'crashes'>, { say }: Reader): string {
  const all = crashes.length;
  return all <= SHOWN ? String(all) : say('crash.shown', { n: SHOWN, all });
}

/** Newest first, and the newest open. */
export function crashList(past: CrashPast, reader: Reader): unknown[] {
  const numbers = new Map(crashMarks(past).map(({ n, atMs }) => [atMs, n]));
  return past.crashes.slice(0, SHOWN).map((crash, nth) => ({
    key: crash.id,
    number: numbers.get(crash.atMs) ?? '',
    open: nth === 0,
    time: clockOrDay(crash.atMs, reader),
    title: fullTime(crash.atMs, reader),
    ago: reader.say('time.ago', { time: roughly(Math.max(0, reader.nowMs - crash.atMs), reader) }),
    cause: causeOf(crash, reader),
    after: afterWords(crash, past.timeline, reader),
    memory: memoryAt(crash, past.usage),
    last: crash.lastLines.at(-1) ?? '',
    lines: ownLines(crash.lastLines, past.crashes[nth + 1]?.lastLines ?? []),
    ends: reader.say('crash.endsHere', { cause: causeOf(crash, reader) }),
  }));
}

/** Without what the crash before had said already: the end of one log is read for both. Never nothing. */
function ownLines(lines: readonly string[], before: readonly string[]): readonly string[] {
  for (let known = Math.min(before.length, lines.length - 1); known > 0; known--) {
    const end = before.slice(-known);
    if (end.every((line, at) => line === lines[at])) return lines.slice(known);
  }
  return lines;
}

export function causeOf(
  {
    exitSignal,
    exitStatus,
    spawnError,
    state,
  }: Pick<Crash, 'exitSignal' | 'exitStatus' | 'spawnError' | 'state'>,
  { say }: Reader,
): string {
  if (exitSignal !== null) return exitSignal;
  if (exitStatus !== null && exitStatus >= 0) return say('why.exit', { code: String(exitStatus) });
  if (exitStatus !== null) return say('why.signal');
  return spawnError || state;
}

const WITHIN_MS = 2_000;

/** How long it had run, where the timeline saw it begin. */
function afterWords({ atMs }: Crash, timeline: Timeline | null, reader: Reader): string {
  const at = timeline?.spans.findIndex(({ fromMs }) => Math.abs(fromMs - atMs) <= WITHIN_MS) ?? -1;
  const before = timeline?.spans[at - 1];
  if (timeline === null || before === undefined || before.fromMs === timeline.fromMs) return '';
  if (before.state !== 'RUNNING' && before.state !== 'STARTING') return '';
  const starting = timeline.spans[at - 2];
  const began =
    before.state === 'RUNNING' && starting?.state === 'STARTING' ? starting.fromMs : before.fromMs;
  return reader.say('crash.after', { time: precisely(atMs - began, reader) });
}

/** What it used at most at the last looks before: within the very last the next child may stand already. */
export function memoryBefore({ atMs }: Pick<Crash, 'atMs'>, usage: UsageSeries | null): number | null {
  if (usage === null) return null;
  const last = usage.points.filter((point) => point.atMs <= atMs).slice(-2);
  const near = last.filter((point) => atMs - point.atMs <= 2 * usage.stepMs + 60_000);
  return near.length === 0 ? null : Math.max(...near.map(({ memoryMost }) => memoryMost));
}

function memoryAt(crash: Crash, usage: UsageSeries | null): string {
  const memory = memoryBefore(crash, usage);
  return memory === null ? '' : bytesWithUnit(memory);
}
