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
export function planView(plan: Plan, out: ReadonlySet<string>, world: World, reader: Reader, text = '') {
  const { say } = reader;
  const { verb, pace } = plan;
  const rolling = pace?.mode === 'rolling' ? pace : null;
  const left = out.size === 0 ? plan.targets : plan.targets.filter((target) => !out.has(targetName(target)));
  const chosen = rolling === null ? left : inBatches(left, rolling.batch);
  const hosts = new Set(chosen.map(({ host }) => host));
  const ofHosts = isHostVerb(verb);
  const selector = out.size === 0 ? plan.selector : selectorOf(chosen.slice(0, CLI_TARGETS).map(targetName));
  const more = out.size > 0 && chosen.length > CLI_TARGETS ? ' …' : '';
  const many = plan.targets.length + plan.leftAlone.length > MANY;
  const lists = {
    blocks: blocksOf(plan, rolling === null ? null : chosen, out, text, world, reader),
    leftLines: leftLines(plan, text, reader),
  };
  const first = many ? FIRST_BLOCKS : Number.POSITIVE_INFINITY;
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
    many,
    text,
    lists,
    hosts: lists.blocks.slice(0, first).map((block) => block.view()),
    moreHosts: Math.max(0, lists.blocks.length - first),
    left: lists.leftLines.slice(0, first).map((line) => line.view()),
    leftN: plan.leftAlone.length,
    cli: chosen.length === 0 ? '' : `${cliLine(verb, selector, plan.signal)}${more}${paceFlags(pace)}`,
  };
}

const SIGNALS = ['HUP', 'USR1', 'USR2', 'INT', 'TERM', 'QUIT', 'WINCH', 'CONT', 'KILL'];

/** A plan over more is drawn as it comes into sight, with heights that are known before. */
const MANY = 200;
const FIRST_BLOCKS = 40;
/** So many names are put into one piece of a host that has many. */
const NAMES_IN_PIECE = 60;

/** Something in a list of the plan, put together when it is drawn. */
export interface PlanPart {
  readonly key: string;
  view(): object;
}

/** A host, or a further piece of one with many names. */
export interface PlanBlock extends PlanPart {
  readonly names: number;
  readonly diffLines: number;
  readonly isFirst: boolean;
}

const plannedBlocks = new WeakMap<Plan, ReadonlyMap<string, readonly PlannedTarget[]>>();

/** By batch and host; what rolls is parted anew when something is left out. */
function hostsOf(
  plan: Plan,
  rolled: readonly PlannedTarget[] | null,
): ReadonlyMap<string, readonly PlannedTarget[]> {
  if (rolled === null) {
    const known = plannedBlocks.get(plan) ?? gathered(plan.targets, ({ host }) => ` ${host}`);
    plannedBlocks.set(plan, known);
    return known;
  }
  const batchOf = new Map(rolled.map((target) => [targetName(target), target.batch]));
  return gathered(
    plan.targets,
    (target) => `${batchOf.get(targetName(target)) ?? target.batch ?? ''} ${target.host}`,
  );
}

function blocksOf(
  plan: Plan,
  rolled: readonly PlannedTarget[] | null,
  out: ReadonlySet<string>,
  text: string,
  world: World,
  reader: Reader,
): PlanBlock[] {
  const matches = matcherOf(text);
  return [...hostsOf(plan, rolled)].flatMap(([key, all]): PlanBlock[] => {
    const targets = text === '' ? all : all.filter(matches);
    if (targets.length === 0) return [];
    const batch = key.startsWith(' ') ? null : reader.say('plan.batch', { n: Number.parseInt(key, 10) + 1 });
    const diff = diffView(targets[0]?.diff, reader);
    const names = targets.filter(({ process }) => process !== '');
    const pieces = Math.max(1, Math.ceil(names.length / NAMES_IN_PIECE));
    return Array.from({ length: pieces }, (_, at): PlanBlock => {
      const some = names.slice(at * NAMES_IN_PIECE, (at + 1) * NAMES_IN_PIECE);
      const pieceKey = at === 0 ? key : `${key} ${at}`;
      return {
        key: pieceKey,
        names: some.length,
        diffLines: at > 0 || diff === null ? 0 : diff.lines.length + (diff.says === '' ? 0 : 1),
        isFirst: at === 0,
        view: () => ({
          ...hostBlock(targets, some, out, world, reader),
          key: pieceKey,
          isFirst: at === 0,
          batch,
          targets: at === 0 ? targets.map(targetName).join('\n') : '',
          diff: at === 0 ? diff : null,
        }),
      };
    });
  });
}

/** Whether all words are in the name of a target. */
function matcherOf(text: string): (target: Parameters<typeof targetName>[0]) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (target) => {
    const name = targetName(target).toLowerCase();
    return words.every((word) => name.includes(word));
  };
}

function hostBlock(
  targets: readonly PlannedTarget[],
  some: readonly PlannedTarget[],
  out: ReadonlySet<string>,
  world: World,
  reader: Reader,
) {
  const isNamed = some.length > 0;
  const names = some.map((target) => ({
    name: some.every(({ group }) => group === some[0]?.group)
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
      n: isNamed ? targets.length : (world.byHost.get(targets[0]?.hostId ?? '')?.length ?? 0),
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

function leftLines(plan: Plan, text: string, reader: Reader): PlanPart[] {
  const { say } = reader;
  const matches = matcherOf(text);
  const left = text === '' ? plan.leftAlone : plan.leftAlone.filter(matches);
  return [...gathered(left, ({ host, reason }) => `${host}\n${reason}`)].map(([key, targets]) => ({
    key,
    view: () => ({
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
    }),
  }));
}

/** Heights in px where they are many; the CSS draws exactly these. */
export const PLAN_HEIGHTS = {
  wide: { head: 36, rest: 8, diff: 20, names: 24, inRow: 3, left: 34 },
  phone: { head: 56, rest: 8, diff: 20, names: 36, inRow: 2, left: 34 },
} as const;

export function blockHeight(
  { names, diffLines, isFirst }: PlanBlock,
  px: (typeof PLAN_HEIGHTS)['wide' | 'phone'],
): number {
  return (isFirst ? px.head : px.rest) + px.diff * diffLines + px.names * Math.ceil(names / px.inRow);
}
