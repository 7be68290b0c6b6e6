import type { PaceWish } from '../api/contract.ts';
import { type BatchSize, ORDERS, type Order } from '../fleet/pace.ts';
import { parseSpan } from './durations.ts';
import { CliFailure } from './failure.ts';
import { type Given, textOption } from './verb.ts';

/** How an action goes over its targets; for every verb that has one. */
export const PACE_OPTIONS: readonly (readonly [flags: string, says: string])[] = [
  ['--at-once <count>', 'at most so many targets at a time (default: all)'],
  ['--rolling', 'batch after batch; the next begins when all of the last are done'],
  ['--batch <size>', 'targets in a batch: 2, 25% of them, or 2h for all on two hosts (default: 1)'],
  ['--order <order>', 'name, random, or given: as the selector names them (default: name)'],
  ['--settle <time>', 'how long a started process must stay RUNNING to be done, as in 5s'],
  ['--pause <time>', 'between two batches'],
  ['--max-failures <count>', 'the rest is left out at so many that are not done (default: 1)'],
  ['--continue', 'go on whatever fails'],
  [
    '--ask-after-restart',
    'should the hub be restarted meanwhile, wait for "actions resume" (default: go on)',
  ],
];

const ROLLING_ONLY = ['batch', 'order', 'settle', 'pause', 'maxFailures', 'continue'] as const;

/** The pace the options describe; undefined where they say nothing. Throws `usage`. */
export function paceFrom(given: Given): PaceWish | undefined {
  const resume = given.askAfterRestart === true ? 'ask' : 'continue';
  const atOnce = countOption(given, 'atOnce', '--at-once');
  if (given.rolling === true) {
    if (atOnce !== undefined)
      throw new CliFailure('usage', '--at-once and --rolling exclude each other', 'Use --batch.');
    return rollingFrom(given, resume);
  }
  const stray = ROLLING_ONLY.find((name) => given[name] !== undefined);
  if (stray !== undefined) {
    const flag = `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new CliFailure('usage', `${flag} says how to roll`, 'Add --rolling.');
  }
  if (atOnce !== undefined) return { mode: 'parallel', limit: atOnce, resume };
  return resume === 'ask' ? { mode: 'parallel', resume } : undefined;
}

function rollingFrom(given: Given, resume: 'ask' | 'continue'): PaceWish {
  const batch = textOption(given, 'batch');
  const order = textOption(given, 'order');
  const settleMs = spanOption(given, 'settle');
  const pauseMs = spanOption(given, 'pause');
  const maxFailures = countOption(given, 'maxFailures', '--max-failures');
  return {
    mode: 'rolling',
    resume,
    onFailure: given.continue === true ? 'continue' : 'abort',
    ...(batch === undefined ? {} : { batch: batchSize(batch) }),
    ...(order === undefined ? {} : { order: orderNamed(order) }),
    ...(settleMs === undefined ? {} : { settleMs }),
    ...(pauseMs === undefined ? {} : { pauseMs }),
    ...(maxFailures === undefined ? {} : { maxFailures }),
  };
}

const UNITS = { '': 'targets', h: 'hosts', '%': 'percent' } as const;

function batchSize(text: string): BatchSize {
  const [, count = '', unit = ''] = /^([1-9]\d{0,4})(h|%)?$/.exec(text) ?? [];
  const of = UNITS[unit as keyof typeof UNITS];
  if (count !== '' && !(of === 'percent' && Number(count) > 100)) return { n: Number(count), of };
  throw new CliFailure('usage', `--batch: "${text}" is not the size of a batch`, 'Write 2, 25% or 2h.');
}

function orderNamed(text: string): Order {
  const order = ORDERS.find((one) => one === text);
  if (order !== undefined) return order;
  throw new CliFailure('usage', `--order: "${text}" is not an order`, `Write ${ORDERS.join(', ')}.`);
}

function spanOption(given: Given, name: string): number | undefined {
  const text = textOption(given, name);
  if (text === undefined) return undefined;
  const ms = parseSpan(text);
  if (ms !== null) return Math.round(ms);
  throw new CliFailure('usage', `--${name}: "${text}" is not a time`, 'Write it like 90s, 5m or 1h.');
}

function countOption(given: Given, name: string, flag: string): number | undefined {
  const text = textOption(given, name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new CliFailure('usage', `${flag}: "${text}" is not a count`, 'Write a whole number from 1.');
}
