import { type Action, isVerb } from '../../fleet/action.ts';
import type { LatelyEvent } from '../../live/contract.ts';
import { clockOrDay, fullTime } from './format.ts';
import { actionTitle, byWords, jobOf } from './jobs.ts';
import { linkTo } from './links.ts';
import type { Reader } from './reader.ts';
import { sentence } from './sentence.ts';

export interface LatelyLine {
  readonly key: string;
  readonly time: string;
  readonly timeTitle: string;
  readonly glyph: string;
  readonly title: string;
  /** What happened to it: `FATAL`, `10 processes STOPPED`. */
  readonly what: string;
  readonly detail: string;
  readonly link: string;
}

interface Place {
  readonly kind: string;
  readonly host: string;
  readonly group: string;
  readonly process: string;
}

function placeOf({ link }: LatelyEvent): Place {
  const [, kind = '', host = '', namespec = ''] = link.split('/').map(decoded);
  const colon = namespec.indexOf(':');
  return { kind, host, group: namespec.slice(0, colon), process: namespec.slice(colon + 1) };
}

/** What an event is about, read from its link. */
export function isAbout(
  event: LatelyEvent,
  wanted: { readonly host?: string; readonly group?: string; readonly process?: string },
): boolean {
  const { kind, host, group, process } = placeOf(event);
  if (kind === 'hosts') return wanted.group === undefined && host === wanted.host;
  if (kind !== 'processes') return false;
  return (
    (wanted.host === undefined || wanted.host === host) &&
    (wanted.group === undefined || wanted.group === group) &&
    (wanted.process === undefined || wanted.process === process)
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // then it names nothing here
  }
}

const GLYPHS: Readonly<Record<string, string>> = {
  FATAL: 'fatal',
  BACKOFF: 'backoff',
  STARTING: 'starting',
  STOPPING: 'stopping',
  STOPPED: 'stopped',
  EXITED: 'exited',
  RUNNING: 'running',
  UNKNOWN: 'unknown',
  flapping: 'flapping',
  crashed: 'crashed',
  unreachable: 'unreachable',
  reachable: 'running',
  failed: 'crashed',
};

/** Events that say the same of members of one group within a short time, newest first. */
interface Bunch {
  readonly events: LatelyEvent[];
  readonly action: Action | undefined;
}

const TOGETHER_MS = 20_000;

/** The latest lines, one for a whole group that went the same way together. */
export function latelyLines(
  events: readonly LatelyEvent[],
  actions: readonly Action[],
  reader: Reader,
  most: number,
): LatelyLine[] {
  return bunched(events, actions)
    .slice(0, most)
    .map((bunch) => lineOf(bunch, actions, reader));
}

function bunched(events: readonly LatelyEvent[], actions: readonly Action[]): Bunch[] {
  const bunches: Bunch[] = [];
  const open = new Map<string, Bunch>();
  for (const event of events) {
    const action = event.kind === 'process' ? actionBehind(event, actions) : undefined;
    const key =
      event.kind === 'process'
        ? `${event.mark} ${placeOf(event).group} ${action?.id ?? ''}`
        : String(event.id);
    const known = open.get(key);
    const last = known?.events.at(-1);
    if (known !== undefined && last !== undefined && last.atMs - event.atMs <= TOGETHER_MS)
      known.events.push(event);
    else {
      const bunch = { events: [event], action };
      open.set(key, bunch);
      bunches.push(bunch);
    }
  }
  return bunches;
}

const AFTER_MS = 1_500;

/** The action that was at work on this process when it changed. */
function actionBehind(event: LatelyEvent, actions: readonly Action[]): Action | undefined {
  const { host, group, process } = placeOf(event);
  return actions.find(
    ({ startedAtMs, finishedAtMs, targets }) =>
      startedAtMs <= event.atMs &&
      event.atMs <= (finishedAtMs ?? Number.POSITIVE_INFINITY) + AFTER_MS &&
      targets.some((one) => one.host === host && one.group === group && one.process === process),
  );
}

function lineOf({ events, action }: Bunch, actions: readonly Action[], reader: Reader): LatelyLine {
  const event = events[0];
  if (event === undefined) throw new Error('a bunch holds an event');
  const words =
    event.kind === 'process'
      ? processWords(events, action, reader)
      : event.kind === 'action'
        ? actionWords(event, actions, reader)
        : {
            what: '',
            title: event.title,
            detail: sentence(event.said, event.detail, reader),
            link: event.link,
          };
  return {
    key: String(event.id),
    time: clockOrDay(event.atMs, reader),
    timeTitle: fullTime(event.atMs, reader),
    glyph: event.crashed ? 'crashed' : (GLYPHS[event.mark] ?? 'dash'),
    ...words,
  };
}

type Words = Pick<LatelyLine, 'title' | 'what' | 'detail' | 'link'>;

function processWords(events: readonly LatelyEvent[], action: Action | undefined, reader: Reader): Words {
  const { say } = reader;
  const newest = events[0] as LatelyEvent;
  const by =
    action === undefined
      ? ''
      : say('lately.by', { verb: say(`verb.${action.verb}`), by: byWords(action, reader) });
  const targets = new Set(events.map(({ link }) => link));
  const hosts = new Set(events.map((event) => placeOf(event).host));
  const where = hosts.size === 1 ? placeOf(newest).host : say('on.hosts', { n: hosts.size });
  if (targets.size === 1) {
    const { host } = placeOf(newest);
    const words = newest.detail.replace(`${host}: ${newest.mark}`, '').replace(/^, /, '');
    const reason = sentence(newest.said, words, reader);
    const what =
      events.length > 1 ? say('lately.times', { state: newest.mark, n: events.length }) : newest.mark;
    return { title: newest.title, what, detail: joined(host, reason, by), link: newest.link };
  }
  const { group } = placeOf(newest);
  const what = say('lately.many', { n: targets.size, state: newest.mark });
  return { title: group, what, detail: joined(where, by), link: linkTo.group(group) };
}

function actionWords(event: LatelyEvent, actions: readonly Action[], reader: Reader): Words {
  const action = actions.find(({ id }) => linkTo.action(id) === event.link);
  if (action === undefined) {
    const title = isVerb(event.mark)
      ? actionTitle(event.mark, event.title.slice(event.mark.length + 1), reader)
      : event.title;
    return { title, what: '', detail: '', link: event.link };
  }
  const job = jobOf(action, reader);
  return {
    title: job.title,
    what: '',
    detail: joined(
      reader.say('count.targets', { n: job.all }),
      reader.say('lately.begunBy', { by: byWords(action, reader) }),
    ),
    link: event.link,
  };
}

const joined = (...parts: readonly string[]): string => parts.filter(Boolean).join(' · ');
