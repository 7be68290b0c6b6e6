import type { HostView } from '../../fleet/host.ts';
import { markWord } from './fleet-line.ts';
import { capital, fullTime, listed, roughly } from './format.ts';
import { linkTo } from './links.ts';
import { type Mark, rankOf } from './marks.ts';
import type { Reader } from './reader.ts';
import { failureWords } from './sentence.ts';
import { mergedBeats, type Strip, stripOf } from './strip.ts';
import { exitWords, isTooQuick, lastWords } from './why.ts';
import { groupBefore, type Member, targetOf, type World } from './world.ts';

/** One problem: what, where, why, since when, and what usually helps. */
export interface Problem {
  readonly key: string;
  readonly mark: Mark;
  readonly word: string;
  readonly group: string;
  readonly name: string;
  readonly link: string;
  readonly place: string;
  readonly placeLink: string;
  readonly cause: string;
  readonly words: string;
  readonly spoken: boolean;
  readonly since: string;
  readonly sinceTitle: string;
  readonly strip: Strip;
  readonly first: ProblemAction;
  readonly second: ProblemAction | null;
}

export interface ProblemAction {
  readonly does: 'start' | 'stop' | 'tail' | 'open';
  readonly icon: string;
  readonly label: string;
  readonly target: string;
  readonly link: string;
}

export interface Attention {
  readonly problems: readonly (Problem & { readonly mute: string })[];
  readonly n: number;
  readonly more: number;
  /** So many more are muted in this browser. */
  readonly muted: number;
  /** For the one line that stays when all is well. */
  readonly quiet: { readonly text: string; readonly link: string } | null;
}

const MOST = 12;

export function attention(world: World, reader: Reader, only?: (host: HostView) => boolean): Attention {
  const troubled = world.members.filter(
    (member) => TROUBLED.has(member.mark) && (only?.(member.host) ?? true),
  );
  const lost = world.hosts.filter(
    (host) => host.reachability.kind === 'unreachable' && (only?.(host) ?? true),
  );
  const sorted = [
    ...troubled.map((member) => ({
      mute: muteKey(member.key, member.process.sinceMs),
      rank: rankOf(member.mark),
      sinceMs: member.process.sinceMs,
      make: () => processProblem(member, reader),
    })),
    ...lost.map((host) => ({
      mute: muteKey(`host:${host.id}`, host.reachability.sinceMs),
      rank: rankOf('unreachable'),
      sinceMs: host.reachability.sinceMs,
      make: () => hostProblem(host, world, reader),
    })),
  ].sort((a, b) => a.rank - b.rank || b.sinceMs - a.sinceMs);
  const loud = sorted.filter(({ mute }) => reader.muted?.has(mute) !== true);
  return {
    problems: loud.slice(0, MOST).map(({ make, mute }) => ({ ...make(), mute })),
    n: loud.length,
    more: Math.max(0, loud.length - MOST),
    muted: sorted.length - loud.length,
    quiet: loud.length > 0 ? null : lastTrouble(world, reader),
  };
}

/** A problem is muted until it changes: then it is another one. */
function muteKey(key: string, sinceMs: number): string {
  return `${key} ${sinceMs}`;
}

const TROUBLED: ReadonlySet<Mark> = new Set(['fatal', 'backoff', 'flapping', 'crashed', 'unknown']);

function lastTrouble(world: World, reader: Reader): { text: string; link: string } | null {
  const last = world.fleet.lately.find(
    ({ mark }) => mark === 'FATAL' || mark === 'BACKOFF' || mark === 'unreachable',
  );
  if (last === undefined) return null;
  return {
    text: reader.say('attention.last', { what: last.title, time: roughly(reader.nowMs - last.atMs, reader) }),
    link: last.link,
  };
}

function processProblem(member: Member, reader: Reader): Problem {
  const { process, host, mark } = member;
  const words = lastWords(member);
  const cause = CAUSES[mark]?.(member, reader) ?? '';
  return {
    key: member.key,
    mark,
    word: markWord(mark, reader),
    group: groupBefore(process),
    name: process.name,
    link: linkTo.process(member),
    place: host.name,
    placeLink: linkTo.host(host),
    cause,
    words: words || (cause.includes(process.spawnError) ? '' : process.spawnError),
    spoken: words !== '',
    since:
      mark === 'flapping' ? roughly(20 * 60_000, reader) : roughly(reader.nowMs - process.sinceMs, reader),
    sinceTitle: fullTime(process.sinceMs, reader),
    strip: stripOf(process.beats, false),
    ...usualActions(member, reader),
  };
}

const CAUSES: Partial<Record<Mark, (member: Member, reader: Reader) => string>> = {
  fatal: (member, reader) => {
    const { spawnError, tries, exitStatus } = member.process;
    const exit = exitWords(member, reader);
    if (exitStatus === null && member.process.exitSignal === null)
      return isTooQuick(spawnError)
        ? reader.say('cause.tooQuick')
        : reader.say('cause.spawn', { why: spawnError || '–' });
    if (tries === null || tries === 0) return reader.say('cause.fatal', { exit });
    return reader.say('cause.fatalTries', { n: tries, exit });
  },
  backoff: (member, reader) => {
    const { process } = member;
    const exit = exitWords(member, reader) || startWords(process.spawnError, reader);
    const inS =
      process.retryAtMs === null ? null : Math.max(0, Math.ceil((process.retryAtMs - reader.nowMs) / 1000));
    if (process.tries === null || inS === null) return reader.say('cause.backoff', { exit: capital(exit) });
    return reader.say('cause.backoffTries', { exit: capital(exit), tries: process.tries, in: inS });
  },
  flapping: (member, reader) => {
    const exit = exitWords(member, reader);
    const n = member.process.restarts;
    return exit === '' ? reader.say('why.restarts20', { n }) : reader.say('cause.flapping', { n, exit });
  },
  crashed: (member, reader) => reader.say('cause.crashed', { exit: exitWords(member, reader) }),
  unknown: (_member, reader) => reader.say('cause.unknown'),
};

const startWords = (spawnError: string, { say }: Reader): string =>
  isTooQuick(spawnError) ? say('why.tooQuick') : spawnError;

function usualActions(member: Member, { say }: Reader): Pick<Problem, 'first' | 'second'> {
  const target = targetOf(member);
  const link = linkTo.process(member);
  const why: ProblemAction = { does: 'open', icon: '', label: say('do.why'), target, link };
  const start: ProblemAction = {
    does: 'start',
    icon: 'player-play',
    label: say('do.startAgain'),
    target,
    link,
  };
  const tail: ProblemAction = {
    does: 'tail',
    icon: 'list',
    label: say(member.process.hasStderr ? 'do.tailStderr' : 'do.tail'),
    target,
    link,
  };
  const stop = (label: string): ProblemAction => ({ does: 'stop', icon: '', label, target, link });
  if (member.mark === 'backoff') return { first: tail, second: stop(say('do.stopRetrying')) };
  if (member.mark === 'flapping') return { first: why, second: stop(say('do.stopRestarting')) };
  return { first: start, second: why };
}

function hostProblem(host: HostView, world: World, reader: Reader): Problem {
  const { say } = reader;
  const members = world.byHost.get(host.id) ?? [];
  const failure =
    host.reachability.kind === 'unreachable' ? failureWords(host.reachability.failure, reader) : null;
  const link = linkTo.host(host);
  const held = members.length === 0 ? '' : `${say('host.held', { n: members.length })} `;
  return {
    key: `host:${host.id}`,
    mark: 'unreachable',
    word: say('mark.unreachable'),
    group: '',
    name: host.name,
    link,
    place: listed([say('host.one'), sourceOf(host, reader)], reader),
    placeLink: link,
    cause: capital(failure?.cause ?? ''),
    words: held + (failure?.mend ?? ''),
    spoken: false,
    since: roughly(reader.nowMs - host.reachability.sinceMs, reader),
    sinceTitle: fullTime(host.reachability.sinceMs, reader),
    strip: stripOf(mergedBeats(members.map(({ process }) => process)), false),
    first: { does: 'open', icon: 'stethoscope', label: say('do.cause'), target: '', link },
    second: null,
  };
}

/** `agent 0.4.0`, `stock 4.2.5` */
export function sourceOf(host: HostView, { say }: Reader): string {
  return `${say(host.kind === 'agent' ? 'source.agent' : 'source.supervisord')}${host.facts ? ` ${host.facts.version}` : ''}`;
}
