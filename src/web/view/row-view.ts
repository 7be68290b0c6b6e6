import { markWord } from './fleet-line.ts';
import { fullTime, listed, mebibytes, percent, roughly, uptime } from './format.ts';
import { linkTo } from './links.ts';
import { isTrouble, type Mark } from './marks.ts';
import { mayAct, type Reader } from './reader.ts';
import { mergedBeats, type Strip, stripOf, troubledHours } from './strip.ts';
import { type Row, summary } from './table.ts';
import { exitFigure, timeInState, type Why, whyOf } from './why.ts';
import { groupBefore, type Member, targetOf } from './world.ts';

export type Tick = 'none' | 'some' | 'all';

/** What is ticked and where the reader is: the browser's, empty on the server. */
export interface Picked {
  readonly ticked: ReadonlySet<string>;
  readonly current: string | null;
}
export const NOTHING_PICKED: Picked = { ticked: new Set(), current: null };

interface Drawn {
  readonly key: string;
  readonly tick: Tick;
  readonly current: boolean;
  readonly strip: Strip;
  readonly stripSays: string;
}

export interface ProcessRow extends Drawn {
  readonly process: true;
  readonly mark: Mark;
  readonly word: string;
  readonly trouble: boolean;
  readonly group: string;
  readonly name: string;
  readonly link: string;
  readonly target: string;
  readonly host: string;
  readonly hostLink: string;
  readonly time: string;
  readonly timeStrong: boolean;
  readonly timeTitle: string;
  readonly restarts: string;
  readonly restartsKind: 'zero' | 'some' | 'bad';
  readonly exit: string;
  readonly exitKind: 'zero' | 'some' | 'bad';
  readonly cpu: string;
  /** Nothing to read here: no figure, or zero. */
  readonly idle: boolean;
  readonly memory: string;
  readonly why: Why | null;
  readonly can: Can;
}

/** Null: it can be done. Text: why not. */
export interface Can {
  readonly tail: string | null;
  readonly start: string | null;
  readonly restart: string | null;
  readonly stop: string | null;
}

export function processRow(member: Member, reader: Reader, picked: Picked): ProcessRow {
  const { process, host, mark } = member;
  const time = timeInState(member, reader, (ms) => uptime(ms, reader));
  const stale = mark === 'stale';
  return {
    process: true,
    key: member.key,
    tick: picked.ticked.has(member.key) ? 'all' : 'none',
    current: picked.current === member.key,
    mark,
    word: stale
      ? reader.say('mark.was', { state: process.state })
      : mark === 'flapping'
        ? process.state
        : markWord(mark, reader),
    trouble: isTrouble(mark),
    group: groupBefore(process),
    name: process.name,
    link: linkTo.process(member),
    target: targetOf(member),
    host: host.name,
    hostLink: linkTo.host(host),
    time: time.text,
    timeStrong: time.strong,
    timeTitle: fullTime(process.sinceMs, reader),
    restarts: String(process.restarts),
    restartsKind: process.restarts === 0 ? 'zero' : isTrouble(mark) ? 'bad' : 'some',
    exit: exitFigure(member, reader),
    exitKind: exitKind(member),
    cpu: process.cpuPercent === null || stale ? '–' : percent(process.cpuPercent),
    idle: stale || process.cpuPercent === null || process.cpuPercent < 0.05,
    memory: process.memoryBytes === null || stale ? '–' : mebibytes(process.memoryBytes),
    strip: stripOf(process.beats, stale),
    stripSays: stripWords(process.beats, process.restarts, reader),
    why: whyOf(member, reader),
    can: canDo(member, reader),
  };
}

function exitKind({ process, mark }: Member): ProcessRow['exitKind'] {
  const fine = process.exitSignal === null && (process.exitStatus ?? 0) === 0;
  return fine || mark === 'stale' ? 'zero' : isTrouble(mark) ? 'bad' : 'some';
}

function stripWords(beats: Member['process']['beats'], restarts: number, reader: Reader): string {
  const { say } = reader;
  return listed(
    [say('strip.restarts', { n: restarts }), say('strip.hours', { n: troubledHours(beats) })],
    reader,
  );
}

const UP: ReadonlySet<string> = new Set(['RUNNING', 'STARTING', 'BACKOFF']);

export function canDo({ process, mark, host }: Member, reader: Reader): Can {
  const { say } = reader;
  const never = !mayAct(reader)
    ? say('cannot.viewer')
    : mark === 'stale'
      ? say('cannot.stale', { host: host.name })
      : null;
  const up = UP.has(process.state);
  return {
    tail:
      mark === 'stale'
        ? say('cannot.stale', { host: host.name })
        : process.hasStdout || process.hasStderr
          ? null
          : say('cannot.tail'),
    start:
      never ?? (up || process.state === 'STOPPING' ? say('cannot.start', { state: process.state }) : null),
    restart: never,
    stop: never ?? (up ? null : say('cannot.stop', { state: process.state })),
  };
}

export interface GroupRow extends Drawn {
  readonly group: true;
  readonly title: string;
  readonly link: string | null;
  readonly open: boolean;
  readonly on: string;
  readonly counts: ReturnType<typeof summary>;
  readonly restarts: string;
  readonly cpu: string;
  readonly memory: string;
  readonly selector: string | null;
}

export interface FoldRow extends Drawn {
  readonly fold: true;
  readonly mark: Mark;
  readonly word: string;
  readonly open: boolean;
  readonly n: number;
  readonly on: string;
  readonly time: string;
  readonly restarts: string;
  readonly why: string;
}

export type RowView = ProcessRow | GroupRow | FoldRow;

export function rowView(row: Row, reader: Reader, picked: Picked): RowView {
  if (row.kind === 'process') return processRow(row.member, reader, picked);
  return row.kind === 'group' ? groupRow(row, reader, picked) : foldRow(row, reader, picked);
}

function tickOf(members: readonly Member[], { ticked }: Picked): Tick {
  if (ticked.size === 0) return 'none';
  const n = members.filter(({ key }) => ticked.has(key)).length;
  return n === 0 ? 'none' : n === members.length ? 'all' : 'some';
}

function hostsWord(members: readonly Member[], { say }: Reader): string {
  const names = new Set(members.map(({ host }) => host.name));
  const [only] = names;
  return names.size === 1 && only !== undefined ? only : say('on.hosts', { n: names.size });
}

function groupRow(row: Extract<Row, { kind: 'group' }>, reader: Reader, picked: Picked): GroupRow {
  const { members, key } = row;
  const measured = members.filter(({ process, mark }) => process.cpuPercent !== null && mark !== 'stale');
  const sum = (of: (member: Member) => number): number =>
    measured.reduce((total, member) => total + of(member), 0);
  return {
    group: true,
    key: `group ${key}`,
    tick: tickOf(members, picked),
    current: picked.current === `group ${key}`,
    title: row.title,
    link:
      row.group !== null ? linkTo.group(row.group) : row.by === 'host' ? linkTo.host({ name: key }) : null,
    open: row.open,
    on: extent(row, reader),
    counts: summary(members),
    restarts: String(members.reduce((total, { process }) => total + process.restarts, 0)),
    cpu: measured.length === 0 ? '–' : percent(sum(({ process }) => process.cpuPercent ?? 0)),
    memory: measured.length === 0 ? '–' : mebibytes(sum(({ process }) => process.memoryBytes ?? 0)),
    strip: stripOf([], false),
    stripSays: '',
    selector: row.group === null ? null : `group ${row.group}`,
  };
}

/** `20 on 4 hosts`, and of a host `6 in prod`. */
function extent({ by, members }: Extract<Row, { kind: 'group' }>, reader: Reader): string {
  const n = members.length;
  if (by !== 'host') return reader.say('table.nOn', { n, on: hostsWord(members, reader) });
  const environment = members[0]?.host.environment ?? null;
  return environment === null
    ? reader.say('count.processes', { n })
    : reader.say('table.nIn', { n, environment });
}

function foldRow(row: Extract<Row, { kind: 'fold' }>, reader: Reader, picked: Picked): FoldRow {
  const { members, mark, key } = row;
  const beats = mergedBeats(members.map(({ process }) => process));
  const first = members[0];
  const stale = mark === 'stale';
  return {
    fold: true,
    key: `fold ${key}`,
    tick: tickOf(members, picked),
    current: picked.current === `fold ${key}`,
    mark,
    word: markWord(mark, reader),
    open: row.open,
    n: members.length,
    on: hostsWord(members, reader),
    time: stale
      ? ageOf(first, reader)
      : reader.say('time.atLeast', { time: roughly(shortest(members, reader), reader) }),
    restarts: String(members.reduce((total, { process }) => total + process.restarts, 0)),
    strip: stripOf(beats, stale),
    stripSays: `${reader.say('strip.hours', { n: troubledHours(beats) })}`,
    why: stale && first !== undefined ? (whyOf(first, reader)?.rest ?? '') : '',
  };
}

function ageOf(member: Member | undefined, reader: Reader): string {
  return member === undefined ? '' : timeInState(member, reader, () => '').text;
}

function shortest(members: readonly Member[], { nowMs }: Reader): number {
  return Math.min(...members.map(({ process }) => nowMs - (process.startedAtMs || process.sinceMs)));
}
