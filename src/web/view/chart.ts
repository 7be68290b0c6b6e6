import type { UsagePoint, UsageSeries } from '../../fleet/metrics.ts';
import { type BandMark, numbersOf } from './band.ts';
import { bytesWithUnit, clockOrDay, percent } from './format.ts';
import { axisOf } from './ranges.ts';
import type { Reader } from './reader.ts';

/** What a chart shows of each point. */
interface Measure {
  readonly label: 'chart.cpu' | 'chart.memory';
  readonly of: (point: UsagePoint) => number;
  readonly most: (point: UsagePoint) => number;
  readonly text: (value: number) => string;
  readonly axis: (value: number) => string;
  readonly unit: number;
}

const MEASURES: Readonly<Record<'cpu' | 'memory', Measure>> = {
  cpu: {
    label: 'chart.cpu',
    of: ({ cpu }) => cpu,
    most: ({ cpuMost }) => cpuMost,
    text: (value) => `${percent(value)}%`,
    axis: (value) => String(Math.round(value * 10) / 10),
    unit: 1,
  },
  memory: {
    label: 'chart.memory',
    of: ({ memory }) => memory,
    most: ({ memoryMost }) => memoryMost,
    text: bytesWithUnit,
    axis: (value) => String(Math.round((value / 2 ** 20) * 10) / 10),
    unit: 2 ** 20,
  },
};

const [WIDTH, HEIGHT] = [1000, 100];

/** What a chart says at one place of its width, from 0 to 1; null where nothing was measured. */
export function chartAt(
  name: 'cpu' | 'memory',
  series: UsageSeries,
  share: number,
  reader: Reader,
): { readonly text: string; readonly share: number } | null {
  const { fromMs, toMs, stepMs, points } = series;
  const atMs = fromMs + share * (toMs - fromMs);
  const off = (point: UsagePoint): number => Math.abs(middle(point, series) - atMs);
  const nearest = points.reduce<UsagePoint | null>(
    (best, one) => (best === null || off(one) < off(best) ? one : best),
    null,
  );
  if (nearest === null || off(nearest) > Math.max(stepMs, (toMs - fromMs) / 60)) return null;
  const { of, text } = MEASURES[name];
  return {
    text: `${clockOrDay(nearest.atMs, reader)}  ${text(of(nearest))}`,
    share: (middle(nearest, series) - fromMs) / (toMs - fromMs),
  };
}

export interface ChartOf {
  readonly marks: readonly BandMark[];
  /** Its host answers: what was measured last is how it is now. */
  readonly fresh: boolean;
}

/** A line over time as SVG that needs no script; a while without a measurement is a gap in it. */
export function chartOf(name: 'cpu' | 'memory', series: UsageSeries, of: ChartOf, reader: Reader): unknown {
  const { marks } = of;
  const measure = MEASURES[name];
  const { points, fromMs, toMs } = series;
  const latest = points.at(-1);
  if (latest === undefined) return null;
  const top = niceTop(Math.max(...points.map(measure.most)) / measure.unit) * measure.unit;
  const x = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * WIDTH;
  const y = (value: number): number => HEIGHT - (value / top) * HEIGHT;
  const runs = runsOf(series);
  const isNow = of.fresh && toMs - latest.atMs < 3 * series.stepMs + 60_000;
  const line = runs.map((run) =>
    pathOf(run.map((point) => [x(middle(point, series)), y(measure.of(point))])),
  );
  const [least, most] = [Math.min(...points.map(measure.of)), Math.max(...points.map(measure.most))];
  return {
    name,
    title: reader.say(measure.label),
    now: isNow ? reader.say('chart.now', { value: measure.text(measure.of(latest)) }) : '',
    range: reader.say('chart.range', { least: measure.text(least), most: measure.text(most) }),
    line: line.join(''),
    area: runs.map((run) => areaOf(run, series, { x, y: (point) => y(measure.of(point)) })).join(''),
    marks: marks.map(({ n, atMs }) => ({ n, x: ((x(atMs) / WIDTH) * 100).toFixed(2) })),
    numbers: numbersOf(marks, (ms) => (x(ms) / WIDTH) * 100, 3.2),
    scale: [top, top / 2, 0].map(measure.axis),
    axis: axisOf(fromMs, toMs, reader, 4),
    unit: reader.say(name === 'cpu' ? 'fact.oneCore' : 'chart.mebibytes'),
  };
}

const middle = ({ atMs }: UsagePoint, { stepMs, toMs }: UsageSeries): number =>
  Math.min(toMs, atMs + stepMs / 2);

/** Points that follow each other without a gap. */
function runsOf({ points, stepMs }: UsageSeries): UsagePoint[][] {
  const most = Math.max(3 * stepMs, 150_000);
  const runs: UsagePoint[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run === undefined || last === undefined || point.atMs - last.atMs > most) runs.push([point]);
    else run.push(point);
  }
  return runs;
}

function pathOf(points: readonly (readonly [x: number, y: number])[]): string {
  const [first] = points;
  // A point alone is drawn as a short line: it would not be seen otherwise.
  if (points.length === 1 && first !== undefined) return `M${first[0] - 1} ${first[1]}h2`;
  return points.map(([x, y], nth) => `${nth === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

function areaOf(
  run: readonly UsagePoint[],
  series: UsageSeries,
  { x, y }: { x(ms: number): number; y(point: UsagePoint): number },
): string {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || run.length < 2) return '';
  const line = run.map((point) => `L${x(middle(point, series)).toFixed(1)} ${y(point).toFixed(1)}`).join('');
  return `M${x(middle(first, series)).toFixed(1)} ${HEIGHT}${line}L${x(middle(last, series)).toFixed(1)} ${HEIGHT}z`;
}

/** 1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten: the first that holds the value with a little air. */
function niceTop(value: number): number {
  const wanted = Math.max(value * 1.08, 0.5);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= wanted) ?? 10;
  return factor * power;
}
