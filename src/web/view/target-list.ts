import type { Action, ActionTarget, Outcome } from '../../fleet/action.ts';
import { targetText } from '../../fleet/target.ts';
import { didFail } from './jobs.ts';
import { gathered, naturalKey } from './world.ts';

/** Which targets of an action are looked at. */
export interface TargetQuery {
  /** Words, each in the name of the target or in its reason. */
  readonly text: string;
  readonly outcome: Outcome['kind'] | null;
}

/** A host, in one batch, above its targets. */
export interface HostRow {
  readonly kind: 'host';
  readonly key: string;
  readonly host: string;
  readonly batch: number | null;
  /** Those that match. */
  readonly targets: readonly ActionTarget[];
}

export interface TargetRow {
  readonly kind: 'target';
  readonly key: string;
  readonly target: ActionTarget;
}

export type ActionRow = HostRow | TargetRow;

export interface TargetList {
  readonly rows: readonly ActionRow[];
  readonly matched: number;
}

/** From so many rows on they are drawn as they come into sight, with heights that are known before. */
export const MANY = 200;
const KINDS: Readonly<Record<Outcome['kind'], true>> = {
  waiting: true,
  working: true,
  done: true,
  refused: true,
  failed: true,
  unreachable: true,
  unknown: true,
  cancelled: true,
};

export function targetQuery(params: URLSearchParams): TargetQuery {
  const outcome = params.get('outcome') ?? '';
  return { text: params.get('text') ?? '', outcome: isKind(outcome) ? outcome : null };
}

const isKind = (text: string): text is Outcome['kind'] => Object.hasOwn(KINDS, text);

export function targetLink(actionPath: string, { text, outcome }: TargetQuery, from = 0): string {
  const params = new URLSearchParams();
  if (outcome !== null) params.set('outcome', outcome);
  if (text !== '') params.set('text', text);
  if (from > 0) params.set('from', String(from));
  return params.size === 0 ? actionPath : `${actionPath}?${params}`;
}

const known = new WeakMap<Action, { readonly of: string; readonly list: TargetList }>();

/** The hosts and targets of an action that match, by batch and host; of many, hosts with failures come first. */
export function targetList(action: Action, query: TargetQuery): TargetList {
  const of = `${query.outcome} ${query.text}`;
  const before = known.get(action);
  if (before?.of === of) return before.list;
  const list = listOf(action, query);
  known.set(action, { of, list });
  return list;
}

function listOf(action: Action, query: TargetQuery): TargetList {
  const matches = matcherOf(query);
  const targets = action.targets.filter(matches);
  const isLarge = action.targets.length > MANY;
  const blocks = [...gathered(targets, ({ host, batch }) => `${batch ?? ''} ${host}`)].map(([key, some]) => ({
    key,
    some,
    rank: isLarge && some.some(({ outcome }) => didFail(outcome.kind)) ? 0 : 1,
    batch: some[0]?.batch ?? null,
    host: some[0]?.host ?? '',
    sortKey: naturalKey(some[0]?.host ?? ''),
  }));
  blocks.sort(
    (a, b) =>
      a.rank - b.rank ||
      (a.batch ?? 0) - (b.batch ?? 0) ||
      (a.sortKey < b.sortKey ? -1 : a.sortKey > b.sortKey ? 1 : 0),
  );
  const rows = blocks.flatMap(({ key, host, batch, some }): ActionRow[] => [
    { kind: 'host', key: `host ${key}`, host, batch, targets: some },
    ...some.map((target): TargetRow => ({ kind: 'target', key: targetText(target), target })),
  ]);
  return { rows, matched: targets.length };
}

function matcherOf({ text, outcome }: TargetQuery): (target: ActionTarget) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (target) => {
    if (outcome !== null && target.outcome.kind !== outcome) return false;
    if (words.length === 0) return true;
    const reason = 'reason' in target.outcome ? target.outcome.reason : '';
    const hay = `${targetText(target)} ${reason}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  };
}

/** Heights in px where rows are many; the CSS draws exactly these. */
export const TARGET_HEIGHTS = {
  wide: { host: 30, target: 27, failed: 30 },
  phone: { host: 56, target: 56, failed: 130 },
} as const;

export function targetHeight(row: ActionRow, heights: (typeof TARGET_HEIGHTS)['wide' | 'phone']): number {
  if (row.kind === 'host') return heights.host;
  return didFail(row.target.outcome.kind) ? heights.failed : heights.target;
}
