import { type Action, type Outcome, type OutcomeCounts, waitsForApproval } from '../../fleet/action.ts';
import { countOutcomes } from '../../fleet/outcome.ts';
import { targetText } from '../../fleet/target.ts';
import type { MessageKey } from '../messages/en.ts';
import { listed } from './format.ts';
import { linkTo } from './links.ts';
import type { Reader } from './reader.ts';

export type Kind = Outcome['kind'];
const KINDS: readonly Kind[] = [
  'done',
  'failed',
  'refused',
  'unreachable',
  'unknown',
  'cancelled',
  'working',
  'waiting',
];
const FAILED: ReadonlySet<Kind> = new Set(['failed', 'refused', 'unreachable', 'unknown']);
const OPEN: ReadonlySet<Kind> = new Set(['waiting', 'working']);

export const didFail = (kind: Kind): boolean => FAILED.has(kind);
export const isOpen = (kind: Kind): boolean => OPEN.has(kind);

/** One action in the pill, the tray, the overview and the list. */
export interface Job {
  readonly id: string;
  readonly link: string;
  readonly verb: string;
  readonly title: string;
  readonly selector: string;
  readonly by: string;
  readonly running: boolean;
  /** Nothing of it is begun: a second person has to approve it. */
  readonly waits: boolean;
  readonly cancelling: boolean;
  readonly ended: number;
  readonly all: number;
  readonly left: number;
  readonly failed: number;
  /** A stop that is over and did something: what of it can be started again. */
  readonly undo: Again | null;
  readonly mark: 'ring' | 'done' | 'fatal' | 'dash';
  readonly counts: readonly { readonly kind: Kind; readonly n: number; readonly word: string }[];
  readonly says: string;
  readonly bar: readonly { readonly kind: Kind; readonly x: number; readonly width: number }[];
  readonly name: string;
  /** Length of the ring's arc, 0 to 100. */
  readonly arc: number;
}

const tallies = new WeakMap<Action, OutcomeCounts>();

/** Counted once for each state of an action. */
export function tallyOf(action: Action): OutcomeCounts {
  const known = tallies.get(action) ?? countOutcomes(action);
  tallies.set(action, known);
  return known;
}

/** So many targets are named in a button; of more, the button says which they are. */
const NAMED = 200;

/** What a button does again: its targets, one a line, or of many which of the action's they are. */
export interface Again {
  readonly does: 'plan' | 'plan-again';
  readonly n: number;
  readonly action: string;
  readonly of: 'done' | 'failed';
  readonly only: string;
}

const named = {
  done: new WeakMap<Action, readonly string[]>(),
  failed: new WeakMap<Action, readonly string[]>(),
};

/** The targets that were done, or that were not: `host/group:name`, as the API names them. */
export function namesIn(action: Action, of: 'done' | 'failed'): readonly string[] {
  const isWanted = of === 'failed' ? didFail : (kind: Kind) => kind === 'done';
  const names =
    named[of].get(action) ?? action.targets.filter(({ outcome }) => isWanted(outcome.kind)).map(targetText);
  named[of].set(action, names);
  return names;
}

export function againOf(action: Action, of: 'done' | 'failed'): Again {
  const counts = tallyOf(action);
  const n = of === 'done' ? counts.done : failuresIn(counts);
  const again = { n, action: action.id, of };
  if (n > NAMED) return { ...again, does: 'plan-again', only: '' };
  return { ...again, does: 'plan', only: namesIn(action, of).join('\n') };
}

const failuresIn = (counts: OutcomeCounts): number =>
  counts.failed + counts.refused + counts.unreachable + counts.unknown;

export function jobOf(action: Action, reader: Reader): Job {
  const counts = tallyOf(action);
  const all = action.targets.length;
  const ended = all - counts.waiting - counts.working;
  const failed = failuresIn(counts);
  const running = action.finishedAtMs === null;
  const parts = KINDS.filter((kind) => counts[kind] > 0).map((kind) => ({
    kind,
    n: counts[kind],
    word: outcomeWord(kind, action, reader),
  }));
  return {
    id: action.id,
    link: linkTo.action(action.id),
    verb: action.verb,
    title: actionTitle(action.verb, action.selector, reader),
    selector: action.selector,
    by: byWords(action, reader),
    running,
    waits: waitsForApproval(action),
    cancelling: running && action.cancelledBy !== null,
    ended,
    all,
    left: all - ended,
    failed,
    undo: running || action.verb !== 'stop' || counts.done === 0 ? null : againOf(action, 'done'),
    mark: running
      ? 'ring'
      : failed > 0
        ? 'fatal'
        : action.cancelledBy !== null || (all > 0 && counts.cancelled === all)
          ? 'dash'
          : 'done',
    counts: parts,
    says: waitsForApproval(action)
      ? reader.say('approval.waits')
      : listed(
          parts.map(({ n, word }) => `${n} ${word}`),
          reader,
        ),
    bar: barOf(counts, all),
    name: readable(action.selector),
    arc: all === 0 ? 100 : Math.round((100 * ended) / all),
  };
}

/** `Restart web` */
export function actionTitle(verb: Action['verb'], selector: string, { say }: Pick<Reader, 'say'>): string {
  return say(TITLES[verb], { what: readable(selector) });
}

/** Who began it; or which schedule did, in whose rights. */
export function byWords({ by, schedule }: Action, { say }: Pick<Reader, 'say'>): string {
  return schedule === undefined ? by : say('schedules.by', { schedule, by });
}

const TITLES = {
  start: 'job.start',
  stop: 'job.stop',
  restart: 'job.restart',
  signal: 'job.signal',
  clear: 'job.clear',
  update: 'job.update',
  reread: 'job.reread',
  reload: 'job.reload',
  shutdown: 'job.shutdown',
} as const satisfies Record<Action['verb'], MessageKey>;

/** `group web` → `web`; selectors stay. */
export function readable(selector: string): string {
  return selector.replace(/^group\s+/, '');
}

const WORKING = {
  start: 'outcome.starting',
  stop: 'outcome.stopping',
  restart: 'outcome.restarting',
  signal: 'outcome.working',
  clear: 'outcome.working',
  update: 'outcome.working',
  reread: 'outcome.working',
  reload: 'outcome.restarting',
  shutdown: 'outcome.stopping',
} as const satisfies Record<Action['verb'], MessageKey>;

export function outcomeWord(kind: Kind, { verb }: Pick<Action, 'verb'>, { say }: Reader): string {
  return say(kind === 'working' ? WORKING[verb] : `outcome.${kind}`);
}

function barOf(counts: OutcomeCounts, all: number): Job['bar'] {
  let x = 0;
  return KINDS.filter((kind) => counts[kind] > 0).map((kind) => {
    const width = (1000 * counts[kind]) / Math.max(1, all);
    const part = { kind, x: Number(x.toFixed(1)), width: Number(width.toFixed(1)) };
    x += width;
    return part;
  });
}
