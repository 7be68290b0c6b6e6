import type { SupervisorKind } from '../../tests/support/supervisors.ts';

/** One line of the table: what is measured, and how far from supervisord it must or should be. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  /** Upper bound: an absolute value, or a multiple of supervisord's in the same run. */
  readonly must: Bound;
  readonly aim: Bound;
  measure(kind: SupervisorKind): Promise<number>;
}

export type Bound = { readonly at: number } | { readonly times: number };

export function holds(bound: Bound, ours: number, theirs: number): boolean {
  return ours <= ('at' in bound ? bound.at : bound.times * theirs);
}

export function say(bound: Bound): string {
  return 'at' in bound ? `${bound.at}` : `${bound.times}×`;
}
