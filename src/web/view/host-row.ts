import type { HostView, Maintenance } from '../../fleet/host.ts';
import { sourceOf } from './attention.ts';
import { roughly } from './format.ts';
import { linkTo } from './links.ts';
import { hostMark, worstOf } from './marks.ts';
import type { Reader } from './reader.ts';
import { failureWords } from './sentence.ts';
import { mergedBeats, stripOf } from './strip.ts';
import { summary } from './table.ts';
import type { World } from './world.ts';

/** A host as a row of a list, and as the head of its page. */
export function hostRow(host: HostView, world: World, reader: Reader) {
  const members = world.byHost.get(host.id) ?? [];
  const reach = hostMark(host);
  const failure = host.reachability.kind === 'unreachable' ? host.reachability.failure : null;
  return {
    key: host.id,
    name: host.name,
    link: linkTo.host(host),
    mark: reach,
    worst: worstOf([reach === 'running' ? worstOf(members.map(({ mark }) => mark)) : reach]),
    reach: reachWord(host, reader),
    stale: failure !== null,
    source: sourceOf(host, reader),
    environment: host.environment ?? '',
    tags: host.tags,
    address: host.url ?? reader.say('host.dialsIn'),
    seen:
      host.lastSeenMs === null
        ? reader.say('time.never')
        : reader.say('time.ago', { time: roughly(reader.nowMs - host.lastSeenMs, reader) }),
    n: members.length,
    counts: summary(members),
    strip: stripOf(mergedBeats(members.map(({ process }) => process)), failure !== null),
    why: failure === null ? '' : failureWords(failure, reader).cause,
    working: host.maintenance === undefined ? '' : maintenanceWords(host.maintenance, reader).rest,
  };
}

export function maintenanceWords(
  { untilMs, note, by }: Maintenance,
  reader: Reader,
): { bold: string; rest: string } {
  const { say } = reader;
  const until =
    untilMs === null
      ? say('maintain.open')
      : say('maintain.left', { time: roughly(untilMs - reader.nowMs, reader) });
  return { bold: say('maintain.now', { by }), rest: [until, note].filter(Boolean).join('. ') };
}

const REACH = {
  reachable: 'reach.reachable',
  unreachable: 'mark.unreachable',
  connecting: 'reach.connecting',
  disabled: 'reach.disabled',
} as const;

export function reachWord(host: HostView, { say }: Reader): string {
  return say(REACH[host.reachability.kind]);
}
