import { formatNamespec } from '@fleetvisor/agent/protocol';
import type { Plan } from '../api/contract.ts';
import { type GroupDiff, isHostVerb, type PlannedTarget } from '../fleet/action.ts';
import { batchCount } from '../fleet/batches.ts';
import type { Rolling } from '../fleet/pace.ts';
import { spanText } from './durations.ts';
import { shownTarget } from './shown-target.ts';
import { oneLine } from './terminal-text.ts';

/** What an action will touch, host by host and batch by batch, and what it leaves alone and why. */
export function planLines(plan: Plan): string[] {
  const { verb, targets, leftAlone, pace, secondPerson } = plan;
  const rolling = pace?.mode === 'rolling' ? pace : null;
  return [
    targets.length === 0
      ? `Nothing to ${verb}.`
      : `Will ${touches(plan)}${rolling === null ? '' : rollText(rolling, targets)}:`,
    ...(rolling === null ? hostLines(targets, '  ') : batchLines(targets)),
    ...(secondPerson === undefined || targets.length === 0
      ? []
      : [`Nothing of it begins before a second person approves: ${oneLine(secondPerson.join(', '))}.`]),
    ...leftAlone.map((target) => `  left alone: ${shownTarget(target)} ${oneLine(target.reason)}`),
  ];
}

/** `restart 6 processes on 3 hosts`, `reload 3 supervisors`. */
export function touches({ verb, signal, targets, hosts }: Plan): string {
  if (isHostVerb(verb)) return `${verb} ${counted(targets.length, 'supervisor', 'supervisors')}`;
  const does = { signal: `send ${signal ?? ''} to`, clear: 'clear the logs of' }[String(verb)] ?? verb;
  return `${does} ${counted(targets.length, 'process', 'processes')} on ${counted(hosts.length, 'host', 'hosts')}`;
}

function rollText(
  { settleMs, pauseMs, onFailure, maxFailures }: Rolling,
  targets: readonly PlannedTarget[],
): string {
  const parts = [
    `, rolling in ${counted(batchCount(targets), 'batch', 'batches')}`,
    settleMs > 0 ? `settling for ${spanText(settleMs)}` : '',
    pauseMs > 0 ? `pausing for ${spanText(pauseMs)}` : '',
    onFailure === 'continue'
      ? 'whatever fails'
      : `ended by ${maxFailures === 1 ? 'the first failure' : `${maxFailures} failures`}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function batchLines(targets: readonly PlannedTarget[]): string[] {
  return Array.from({ length: batchCount(targets) }, (_, at) => at).flatMap((at) => [
    `  batch ${at + 1}:`,
    ...hostLines(
      targets.filter(({ batch }) => batch === at),
      '    ',
    ),
  ]);
}

function hostLines(targets: readonly PlannedTarget[], indent: string): string[] {
  return [...new Set(targets.map(({ host }) => host))].map((host) => {
    const here = targets.filter((target) => target.host === host);
    return `${indent}${oneLine(host)}${whatOn(here)}`;
  });
}

function whatOn(targets: readonly PlannedTarget[]): string {
  const [first] = targets;
  if (first?.diff !== undefined) return `: ${oneLine(diffText(first.diff))}`;
  if (first?.group === '') return '';
  return `: ${targets.map(({ group, process }) => oneLine(formatNamespec(group, process))).join(' ')}`;
}

function diffText(diff: GroupDiff): string {
  if (diff.kind === 'unknown') return `unknown: ${diff.reason}`;
  const parts: [string, readonly string[]][] = [
    ['adds', diff.added],
    ['restarts', diff.changed],
    ['removes', diff.removed],
  ];
  const told = parts.filter(([, groups]) => groups.length > 0);
  return told.map(([does, groups]) => `${does} ${groups.join(' ')}`).join(', ');
}

/** `1 host`, `4 hosts`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
