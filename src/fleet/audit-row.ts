/** One row of the audit. `begun` is written before anything is done, `ended` after, `refused` instead of both. */
export interface AuditRow {
  readonly seq: number;
  readonly atMs: number;
  readonly kind: 'begun' | 'ended' | 'refused';
  /** Of `ended`: the row it ends. */
  readonly ends: number | null;
  readonly actor: string;
  /** By which way in: `page`, `cli`, `api`, `hub` (on the hub's own machine), `schedule`. */
  readonly way: string;
  readonly address: string;
  /** `POST /actions`, `reset-password` */
  readonly what: string;
  readonly target: string;
  /** What was asked for, as JSON text without secrets. */
  readonly detail: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly outcome: string;
}
