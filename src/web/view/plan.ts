import type { Plan, PlannedTarget, Verb } from '../../fleet/action.ts';
import { cliLine } from './actions.ts';
import { markWord } from './fleet-line.ts';
import { readable } from './jobs.ts';
import { isTrouble, type Mark, markOf, worstOf } from './marks.ts';
import type { Reader } from './reader.ts';
import { gathered, type World } from './world.ts';

/** `host/group:name`, as the API names it. */
export function nameOfTarget({
  host,
  group,
  process,
}: Pick<PlannedTarget, 'host' | 'group' | 'process'>): string {
  return `${host}/${group}:${process}`;
}

/** A selector that names exactly these targets; names a selector would read otherwise are quoted. */
export function selectorOf(targets: readonly string[]): string {
  return targets
    .map((target) => {
      const [, host = '', group = '', name = ''] = /^([^/]*)\/([^:]*):(.*)$/s.exec(target) ?? [];
      return `${quoted(host)}/${quoted(group)}:${quoted(name)}`;
    })
    .join(' ');
}

function quoted(name: string): string {
  return /^[\w.@+-]+$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
}

export const PLAN_ICONS = {
  start: 'player-play',
  stop: 'square',
  restart: 'restart',
  signal: 'player-play',
  clear: 'list',
  update: 'restart',
  reread: 'restart',
  reload: 'restart',
  shutdown: 'square',
} as const satisfies Record<Verb, string>;
const CLI_TARGETS = 12;

/** The plan as its sheet shows it, without what the reader left out. */
export function planView(plan: Plan, out: ReadonlySet<string>, world: World, reader: Reader) {
  const { say } = reader;
  const { verb } = plan;
  const chosen = plan.targets.filter((target) => !out.has(nameOfTarget(target)));
  const hosts = new Set(chosen.map(({ host }) => host));
  const numbers = say('plan.numbers', { n: chosen.length, hosts: say('count.hosts', { n: hosts.size }) });
  const selector =
    out.size === 0 ? plan.selector : selectorOf(chosen.slice(0, CLI_TARGETS).map(nameOfTarget));
  return {
    icon: PLAN_ICONS[verb],
    title: say(`job.${verb}`, { what: readable(plan.selector) }),
    n: chosen.length,
    numbers,
    sentence: say(`plan.sentence.${verb}`),
    will: say(`plan.will.${verb}`),
    button: say(`plan.${verb}`, { n: chosen.length }),
    danger: verb === 'stop' || verb === 'shutdown',
    hosts: [...gathered(plan.targets, ({ host }) => host)].map(([host, targets]) =>
      hostBlock(host, targets, out, world, reader),
    ),
    left: leftBlocks(plan, reader),
    leftN: plan.leftAlone.length,
    cli:
      chosen.length === 0
        ? ''
        : `${cliLine(verb, selector)}${out.size > 0 && chosen.length > CLI_TARGETS ? ' …' : ''}`,
  };
}

function hostBlock(
  host: string,
  targets: readonly PlannedTarget[],
  out: ReadonlySet<string>,
  world: World,
  reader: Reader,
) {
  const names = targets.map((target) => ({
    name: targets.every(({ group }) => group === targets[0]?.group)
      ? target.process
      : `${target.group}:${target.process}`,
    target: nameOfTarget(target),
    mark: markIn(world, target),
    on: !out.has(nameOfTarget(target)),
  }));
  const on = names.filter((one) => one.on).length;
  const tick = on === 0 ? 'none' : on === names.length ? 'all' : 'some';
  const worst = worstOf(names.map(({ mark }) => mark));
  return {
    host,
    names,
    tick,
    ticked: on > 0,
    tickAria: tick === 'all' ? 'true' : tick === 'some' ? 'mixed' : 'false',
    says: reader.say('count.processes', { n: targets.length }),
    trouble: isTrouble(worst) || worst === 'stale' ? { mark: worst, word: markWord(worst, reader) } : null,
  };
}

function markIn(world: World, { hostId, group, process }: PlannedTarget): Mark {
  const member = world.byKey.get(`${hostId}/${group}:${process}`);
  return member === undefined ? 'unknown' : markOf(member.process);
}

function leftBlocks(plan: Plan, { say }: Reader) {
  return [...gathered(plan.leftAlone, ({ host, reason }) => `${host}\n${reason}`)].map(([key, targets]) => ({
    key,
    host: targets[0]?.host ?? '',
    reason: targets[0]?.reason ?? '',
    names: targets.map(({ group, process }) => `${group}:${process}`).join(', '),
    says:
      targets.length === 1
        ? `${targets[0]?.group}:${targets[0]?.process}`
        : say('count.processes', { n: targets.length }),
  }));
}
