import { isAnything } from '../fleet/glob.ts';
import type { Host } from '../fleet/host.ts';
import {
  parseSelector,
  type Selector,
  selects,
  selectsHost,
  type Term,
  termWithin,
} from '../fleet/selector.ts';

/** Something a right may be needed on: a process, or a whole host when no process is named. */
export interface Place {
  readonly host: Pick<Host, 'name' | 'environment' | 'tags'>;
  readonly group?: string;
  readonly process?: string;
}

/** Texts are few and asked about often; a flood of them is forgotten again. */
const MOST_KNOWN = 1_000;
const known = new Map<string, Selector | null>();

/** A scope as selector; null for text that cannot be read, which covers nothing. */
export function scopeOf(text: string): Selector | null {
  const before = known.get(text);
  if (before !== undefined) return before;
  const parsed = parseSelector(text);
  const scope = parsed.ok ? parsed.value : null;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, scope);
  return scope;
}

/** Whether a scope is the whole fleet, whatever will come to belong to it. */
export function isEverything(text: string): boolean {
  const scope = scopeOf(text);
  return scope?.terms.some((term) => term.where.kind === 'anywhere' && isWhole(term)) ?? false;
}

/**
 * Whether all of a scope surely lies within some others together, whatever belongs to the fleet: each of its terms within
 * one of theirs. False where that cannot be told from the texts: whether `web-01/*` is in `env=prod/*` changes with the host.
 */
export function liesWithin(text: string, others: readonly string[]): boolean {
  const scope = scopeOf(text);
  if (scope === null) return others.some((other) => other === text || isEverything(other));
  const wider = others.flatMap((other) => scopeOf(other)?.terms ?? []);
  return scope.terms.every((term) => wider.some((wide) => termWithin(term, wide)));
}

/** Whether a place lies within a scope. A host does only as a whole. */
export function covers(text: string, { host, group, process }: Place): boolean {
  const scope = scopeOf(text);
  if (scope === null) return false;
  if (group !== undefined && process !== undefined) return selects(scope, { host, group, process });
  return scope.terms.some((term) => isWhole(term) && selectsHost({ ...scope, terms: [term] }, host));
}

function isWhole({ what }: Term): boolean {
  if (what.kind === 'named') return isAnything(what.group) && isAnything(what.process);
  return what.kind === 'everything';
}
