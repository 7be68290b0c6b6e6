import { type GroupDiff, isHostVerb, type Plan, type PlannedTarget, type Verb } from '../../fleet/action.ts';
import { batchCount, inBatches } from '../../fleet/batches.ts';
import { cliLine, targetName } from './actions.ts';
import { markWord } from './fleet-line.ts';
import { readable } from './jobs.ts';
import { isTrouble, type Mark, markOf, worstOf } from './marks.ts';
import { paceFlags, paceView, sketch } from './plan-pace.ts';
import type { Reader } from './reader.ts';
import { sentence } from './sentence.ts';
import { gathered, type World } from './world.ts';

/** A selector that names exactly these targets; names a selector would read otherwise are quoted. */
export function selectorOf(targets: readonly string[]): string {
  return targets
    .map((target) => {
      const [, host = '', group = '', name = ''] = /^([^/]*)\/([^:]*):(.*)$/s.exec(target) ?? [
        target,
        target,
      ];
      return name === '' ? quoted(host) : `${quoted(host)}/${quoted(group)}:${quoted(name)}`;
    })
    .join(' ');
}

function quoted(name: string): string {
  return /^[\w.@+-]+$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
}

export const VERB_ICONS = {
  start: 'player-play',
  stop: 'square',
  restart: 'restart',
  signal: 'bolt',
  clear: 'eraser',
  update: 'file-diff',
  reread: 'file-search',
  reload: 'restart',
  shutdown: 'power',
} as const satisfies Record<Verb, string>;
const CLI_TARGETS = 12;
const DANGEROUS: ReadonlySet<Verb> = new Set(['stop', 'shutdown', 'reload', 'clear']);
/** These end a supervisor and all under it: their word has to be typed. */
const TYPED: ReadonlySet<Verb> = new Set(['shutdown', 'reload']);

/** What has to be typed before it may run; null where a click is enough. */
export function typedWord(plan: Plan): string | null {
  if (plan.confirm !== undefined) return plan.confirm;
  const removes = plan.targets.some(({ diff }) => diff?.kind === 'known' && diff.removed.length > 0);
  if (!TYPED.has(plan.verb) && !removes) return null;
  return plan.hosts.length === 1 ? (plan.hosts[0] ?? null) : String(plan.hosts.length);
}

/** The plan as its sheet shows it, without what the reader left out. */
export function planView(plan: Plan, out: ReadonlySet<string>, world: World, reader: Reader) {
  const { say } = reader;
  const { verb, pace } = plan;
  const rolling = pace?.mode === 'rolling' ? pace : null;
  const left = plan.targets.filter((target) => !out.has(targetName(target)));
  const chosen = rolling === null ? left : inBatches(left, rolling.batch);
  const hosts = new Set(chosen.map(({ host }) => host));
  const ofHosts = isHostVerb(verb);
  const selector = out.size === 0 ? plan.selector : selectorOf(chosen.slice(0, CLI_TARGETS).map(targetName));
  const more = out.size > 0 && chosen.length > CLI_TARGETS ? ' …' : '';
  return {
    icon: VERB_ICONS[verb],
    title: say(`job.${verb}`, { what: readable(plan.selector) }),
    n: chosen.length,
    numbers: ofHosts
      ? say('count.hosts', { n: chosen.length })
      : say('plan.numbers', { n: chosen.length, hosts: say('count.hosts', { n: hosts.size }) }),
    sentence: say(`plan.sentence.${verb}`),
    how:
      hosts.size < 2
        ? ''
        : rolling === null
          ? say('plan.parallel')
          : say('plan.rolling', { n: batchCount(chosen) }),
    will: say(`plan.will.${verb}`),
    button: plan.secondPerson === undefined ? say(`plan.${verb}`, { n: chosen.length }) : say('plan.ask'),
    typeIt: plan.confirm === undefined ? say('plan.type') : say('plan.protected', { env: plan.confirm }),
    secondPerson:
      plan.secondPerson === undefined
        ? ''
        : say('plan.secondPerson', { where: plan.secondPerson.join(', ') }),
    danger: DANGEROUS.has(verb),
    typed: typedWord(plan),
    pace: plan.targets.length > 1 ? paceView(pace, reader) : null,
    sketch: rolling === null ? null : sketch(chosen, verb, rolling, world, reader),
    signals: verb === 'signal' ? SIGNALS.map((name) => ({ name, on: name === plan.signal })) : null,
    hosts: blocksOf(plan, chosen, out, world, reader),
    left: leftBlocks(plan, reader),
    leftN: plan.leftAlone.length,
    cli: chosen.length === 0 ? '' : `${cliLine(verb, selector, plan.signal)}${more}${paceFlags(pace)}`,
  };
}

const SIGNALS = ['HUP', 'USR1', 'USR2', 'INT', 'TERM', 'QUIT', 'WINCH', 'CONT', 'KILL'];

function blocksOf(
  plan: Plan,
  chosen: readonly PlannedTarget[],
  out: ReadonlySet<string>,
  world: World,
  reader: Reader,
) {
  const batchOf = new Map(chosen.map((target) => [targetName(target), target.batch]));
  const keyOf = (target: PlannedTarget): string =>
    `${batchOf.get(targetName(target)) ?? target.batch ?? ''} ${target.host}`;
  return [...gathered(plan.targets, keyOf)].map(([key, targets]) => ({
    ...hostBlock(targets, out, world, reader),
    key,
    batch: key.startsWith(' ') ? null : reader.say('plan.batch', { n: Number.parseInt(key, 10) + 1 }),
    targets: targets.map(targetName).join('\n'),
    diff: diffView(targets[0]?.diff, reader),
  }));
}

function hostBlock(
  targets: readonly PlannedTarget[],
  out: ReadonlySet<string>,
  world: World,
  reader: Reader,
) {
  const named = targets.filter(({ process }) => process !== '');
  const names = named.map((target) => ({
    name: named.every(({ group }) => group === named[0]?.group)
      ? target.process
      : `${target.group}:${target.process}`,
    target: targetName(target),
    mark: markIn(world, target),
    on: !out.has(targetName(target)),
  }));
  const on = targets.filter((target) => !out.has(targetName(target))).length;
  const tick = on === 0 ? 'none' : on === targets.length ? 'all' : 'some';
  const worst = worstOf(names.map(({ mark }) => mark));
  return {
    host: targets[0]?.host ?? '',
    names,
    tick,
    ticked: on > 0,
    tickAria: tick === 'all' ? 'true' : tick === 'some' ? 'mixed' : 'false',
    says: reader.say('count.processes', {
      n: named.length > 0 ? targets.length : (world.byHost.get(targets[0]?.hostId ?? '')?.length ?? 0),
    }),
    trouble: isTrouble(worst) || worst === 'stale' ? { mark: worst, word: markWord(worst, reader) } : null,
  };
}

/** What an update would change on one host, a line for each kind of change. */
function diffView(diff: GroupDiff | undefined, reader: Reader) {
  const { say } = reader;
  if (diff === undefined) return null;
  if (diff.kind === 'unknown') return { lines: [], says: sentence(diff.said, diff.reason, reader) };
  const line = (kind: 'added' | 'changed' | 'removed') => ({
    kind,
    word: say(`diff.${kind}`),
    names: diff[kind].join(', '),
  });
  const lines = (['added', 'changed', 'removed'] as const).map(line).filter(({ names }) => names !== '');
  return { lines, says: lines.length === 0 ? say('diff.same') : '' };
}

function markIn(world: World, { hostId, group, process }: PlannedTarget): Mark {
  const member = world.byKey.get(`${hostId}/${group}:${process}`);
  return member === undefined ? 'unknown' : markOf(member.process);
}

function leftBlocks(plan: Plan, reader: Reader) {
  const { say } = reader;
  return [...gathered(plan.leftAlone, ({ host, reason }) => `${host}\n${reason}`)].map(([key, targets]) => ({
    key,
    host: targets[0]?.host ?? '',
    reason: sentence(targets[0]?.said, targets[0]?.reason ?? '', reader),
    names: targets.map(({ group, process }) => (process === '' ? '' : `${group}:${process}`)).join(', '),
    says:
      targets.length === 1
        ? targets[0]?.process === ''
          ? ''
          : `${targets[0]?.group}:${targets[0]?.process}`
        : say('count.processes', { n: targets.length }),
  }));
}
