import type { PaceWish } from '../../api/contract.ts';
import type { PlannedTarget, Verb } from '../../fleet/action.ts';
import { batchCount } from '../../fleet/batches.ts';
import { type BatchSize, ONE_BY_ONE, type Pace, type Rolling } from '../../fleet/pace.ts';
import type { MessageKey } from '../messages/en.ts';
import { roughly } from './format.ts';
import type { Reader } from './reader.ts';
import type { World } from './world.ts';

/** One choice of how an action rolls: its field, and the values to pick from. */
interface Field {
  readonly name: 'batch' | 'order' | 'settleMs' | 'pauseMs' | 'maxFailures';
  readonly label: MessageKey;
  readonly values: readonly string[];
}

const FIELDS: readonly Field[] = [
  {
    name: 'batch',
    label: 'pace.batch',
    values: [
      '1 hosts',
      '2 hosts',
      '5 hosts',
      '1 targets',
      '5 targets',
      '10 percent',
      '25 percent',
      '50 percent',
    ],
  },
  { name: 'order', label: 'pace.order', values: ['name', 'random', 'given'] },
  { name: 'settleMs', label: 'pace.settle', values: ['0', '5000', '10000', '30000', '60000'] },
  { name: 'pauseMs', label: 'pace.pause', values: ['0', '5000', '10000', '30000', '60000', '300000'] },
  { name: 'maxFailures', label: 'pace.failures', values: ['1', '2', '5', 'never'] },
];

/** Where rolling begins: a host at a time, each up for 5 s before the next. */
export const FIRST_ROLL: Rolling = { ...ONE_BY_ONE, batch: { n: 1, of: 'hosts' }, settleMs: 5_000 };

/** The options of the plan sheet. */
export function paceView(pace: Pace | undefined, reader: Reader): unknown {
  const rolling = pace?.mode === 'rolling' ? pace : null;
  return {
    rolling: rolling !== null,
    fields:
      rolling === null
        ? []
        : FIELDS.map(({ name, label, values }) => {
            const now = chosenIn(rolling, name);
            const all = values.includes(now) ? values : [now, ...values];
            return {
              name,
              label: reader.say(label),
              options: all.map((value) => ({ value, on: value === now, text: wordOf(name, value, reader) })),
            };
          }),
  };
}

function chosenIn(pace: Rolling, name: Field['name']): string {
  if (name === 'batch') return `${pace.batch.n} ${pace.batch.of}`;
  if (name === 'maxFailures' && pace.onFailure === 'continue') return 'never';
  return String(pace[name]);
}

function wordOf(name: Field['name'], value: string, reader: Reader): string {
  const { say } = reader;
  if (name === 'batch') {
    const { n, of } = sizeOf(value);
    return say(of === 'hosts' ? 'count.hosts' : of === 'targets' ? 'count.targets' : 'pace.percent', { n });
  }
  if (name === 'order')
    return say(value === 'random' ? 'pace.random' : value === 'given' ? 'pace.given' : 'pace.byName');
  if (name === 'maxFailures')
    return value === 'never' ? say('pace.never') : say('pace.failureN', { n: Number(value) });
  const time = roughly(Number(value), reader);
  if (name === 'settleMs') return value === '0' ? 'RUNNING' : `RUNNING + ${time}`;
  return value === '0' ? say('pace.none') : time;
}

function sizeOf(value: string): BatchSize {
  const [n, of] = value.split(' ');
  return { n: Number(n), of: of === 'targets' || of === 'percent' ? of : 'hosts' };
}

/** The pace with one field picked anew. */
export function picked(pace: Rolling, name: string, value: string): Rolling {
  if (name === 'batch') return { ...pace, batch: sizeOf(value) };
  if (name === 'order') return { ...pace, order: value === 'random' || value === 'given' ? value : 'name' };
  if (name === 'maxFailures')
    return value === 'never'
      ? { ...pace, onFailure: 'continue' }
      : { ...pace, onFailure: 'abort', maxFailures: Number(value) };
  if (name === 'settleMs') return { ...pace, settleMs: Number(value) };
  return name === 'pauseMs' ? { ...pace, pauseMs: Number(value) } : pace;
}

/** The same for the command line. */
export function paceFlags(pace: PaceWish | undefined): string {
  if (pace?.mode !== 'rolling') return '';
  const { batch, order, settleMs = 0, pauseMs = 0, maxFailures = 1, onFailure } = pace;
  const size =
    batch === undefined ? '1' : `${batch.n}${batch.of === 'hosts' ? 'h' : batch.of === 'percent' ? '%' : ''}`;
  return [
    ` --rolling --batch ${size}`,
    order === undefined || order === 'name' ? '' : ` --order ${order}`,
    settleMs === 0 ? '' : ` --settle ${settleMs / 1000}s`,
    pauseMs === 0 ? '' : ` --pause ${pauseMs / 1000}s`,
    onFailure === 'continue' ? ' --continue' : maxFailures === 1 ? '' : ` --max-failures ${maxFailures}`,
  ].join('');
}

const WIDTH = 1000;
const MOST_NAMED = 12;
/** Where a host does not tell startsecs, its default; and about what a stop takes. */
const USUAL_MS = 1_000;

/** Batches on a line of time, as long as they should take; how long it really takes the targets decide. */
export function sketch(
  chosen: readonly PlannedTarget[],
  verb: Verb,
  pace: Rolling,
  world: World,
  reader: Reader,
): unknown {
  const n = batchCount(chosen);
  if (n === 0) return null;
  const starts = verb === 'start' || verb === 'restart';
  const lengths = Array.from({ length: n }, (_, batch) => {
    const own = chosen.filter((target) => target.batch === batch);
    const startMs = Math.max(
      0,
      ...own.map(
        ({ hostId, group, process }) =>
          world.byKey.get(`${hostId}/${group}:${process}`)?.process.startMs ?? USUAL_MS,
      ),
    );
    return {
      ms: (verb === 'start' ? 0 : USUAL_MS) + (starts ? startMs + pace.settleMs : 0),
      name: [...new Set(own.map(({ host }) => host))].join(', '),
    };
  });
  const allMs = Math.max(1, lengths.reduce((sum, { ms }) => sum + ms, 0) + pace.pauseMs * (n - 1));
  let atMs = 0;
  const parts = lengths.map(({ ms, name }, batch) => {
    const x = (WIDTH * atMs) / allMs;
    const width = Math.max(3, (WIDTH * ms) / allMs - 2);
    atMs += ms + pace.pauseMs;
    const room = Math.floor(width / 13);
    const label = n <= MOST_NAMED ? (name.length <= room ? name : `${batch + 1}`) : '';
    return {
      x: x.toFixed(1),
      width: width.toFixed(1),
      middle: (x + width / 2).toFixed(1),
      label,
      title: name,
    };
  });
  return { parts, about: reader.say('pace.about', { time: roughly(allMs, reader) }) };
}
