import type { Said } from './said.ts';

/** A change worth a line in "Changed lately". */
export interface Happening {
  readonly id: number;
  readonly atMs: number;
  readonly kind: 'process' | 'host' | 'action' | 'schedule';
  /** For the glyph: a process state, `unreachable`, `reachable`, a verb, or how a run of a schedule ended. */
  readonly mark: string;
  /** Of a process: it ended by itself, and not as it should. */
  readonly crashed?: true;
  readonly title: string;
  readonly detail: string;
  /** Of `detail` the reason, by what it says; left out where there is none, or it is supervisord's own word. */
  readonly said?: Said;
  /** A page's address without the base path. */
  readonly link: string;
}
