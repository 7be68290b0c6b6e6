import type { AskedAction } from './action.ts';
import type { Told } from './said.ts';

/** What becomes of a time that passed while the hub was away. */
export const MISSED = ['skip', 'once'] as const;
export type Missed = (typeof MISSED)[number];

/** An action at certain times, in the rights of its owner. */
export interface Schedule {
  readonly id: string;
  readonly name: string;
  /** Five fields, or `@daily` and the like. */
  readonly cron: string;
  /** IANA: `Europe/Berlin`. */
  readonly timeZone: string;
  readonly action: AskedAction;
  /**
   * Protected environments its owner typed when it was saved: it may touch these, and no others of them. Of a verb that
   * ends supervisors also the verb.
   */
  readonly confirmed: readonly string[];
  readonly enabled: boolean;
  /** Why the hub paused it itself; null: it did not. */
  readonly stopped: Told | null;
  readonly missed: Missed;
  /** With `once`: how long after its time it is still run. */
  readonly missedMinutes: number;
  /** Who saved it last. */
  readonly owner: string;
}

/**
 * `due`: in time; `late`: when the hub was back; `hand`: asked for by somebody.
 */
export const RUN_CAUSES = ['due', 'late', 'hand'] as const;
export type RunCause = (typeof RUN_CAUSES)[number];

/** `beginning`: written down, its action is not begun yet. `skipped`: on purpose, with the reason. */
export const RUN_STATES = ['beginning', 'running', 'done', 'failed', 'skipped'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** One time a schedule was due, and what became of it. */
export interface ScheduleRun {
  readonly id: number;
  readonly dueAtMs: number;
  readonly cause: RunCause;
  readonly state: RunState;
  readonly beganAtMs: number;
  readonly endedAtMs: number | null;
  /** Who asked for it by hand. */
  readonly askedBy: string | null;
  /** Why it failed or was skipped. */
  readonly why: Told | null;
  readonly actionId: string | null;
}

export const isOver = ({ state }: Pick<ScheduleRun, 'state'>): boolean =>
  state !== 'beginning' && state !== 'running';
