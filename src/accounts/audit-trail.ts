import type { Clock } from '../clock.ts';
import type { Audit, NewAuditRow } from '../store/audit.ts';
import { shownInAudit } from './audit-words.ts';

/** Who does something, from where, by which way in. */
export interface Doer {
  /** A user's name; of somebody not signed in, the name they gave, or nothing. */
  readonly actor: string;
  /** `page`, `cli t_…`, `api t_…`, `hub`, `schedule`. */
  readonly way: string;
  readonly address: string;
}

export interface Deed {
  readonly what: string;
  readonly target: string;
  /** What was asked for; secrets are taken out here. */
  readonly detail?: unknown;
}

export interface Effect {
  readonly target?: string | undefined;
  readonly before?: unknown;
  readonly after?: unknown;
}

const MINUTE_MS = 60_000;
/** Refusals written a minute; more are counted and told in one row. Strangers cannot fill the disk. */
const MOST_A_MINUTE = { stranger: 30, person: 300 } as const;

/** Writes down what is done and what is refused. What cannot be written down is not done: `begin` throws. */
export class AuditTrail {
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #refusals = { stranger: { sinceMs: 0, count: 0 }, person: { sinceMs: 0, count: 0 } };

  constructor(audit: Audit, clock: Clock) {
    this.#audit = audit;
    this.#clock = clock;
  }

  /** To be called before anything is changed. Returns what `end` needs. */
  begin(doer: Doer, deed: Deed): number {
    return this.#audit.append(this.#row('begun', doer, deed, ''));
  }

  end(begun: number | null, doer: Doer, deed: Deed, outcome: string, effect: Effect = {}): void {
    this.#audit.append({
      ...this.#row(
        'ended',
        doer,
        { ...deed, target: effect.target ?? deed.target, detail: undefined },
        outcome,
      ),
      ends: begun,
      before: effect.before === undefined ? null : shownInAudit(effect.before),
      after: effect.after === undefined ? null : shownInAudit(effect.after),
    });
  }

  refused(doer: Doer, deed: Deed, why: string, whom: 'stranger' | 'person'): void {
    const bucket = this.#refusals[whom];
    const nowMs = this.#clock.uptimeMs();
    if (nowMs - bucket.sinceMs >= MINUTE_MS) {
      const left = bucket.count - MOST_A_MINUTE[whom];
      if (left > 0) this.#tellLeftOut(whom, left);
      bucket.sinceMs = nowMs;
      bucket.count = 0;
    }
    if (++bucket.count <= MOST_A_MINUTE[whom]) this.#audit.append(this.#row('refused', doer, deed, why));
  }

  #tellLeftOut(whom: 'stranger' | 'person', count: number): void {
    const doer = { actor: '', way: 'hub', address: '' };
    const deed = { what: 'refusals', target: '' };
    const says = `${count} more refusals of ${whom === 'stranger' ? 'strangers' : 'users'} within a minute`;
    this.#audit.append(this.#row('refused', doer, deed, says));
  }

  #row(kind: NewAuditRow['kind'], doer: Doer, deed: Deed, outcome: string): NewAuditRow {
    return {
      atMs: this.#clock.wallMs(),
      kind,
      ends: null,
      ...doer,
      what: deed.what,
      target: deed.target.slice(0, 1_000),
      detail: deed.detail === undefined ? '' : shownInAudit(deed.detail),
      before: null,
      after: null,
      outcome,
    };
  }
}
