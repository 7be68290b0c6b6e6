import type { Clock } from '../os/clock.ts';
import {
  type Allowance,
  type Call,
  type CallAccepted,
  type CallOutcome,
  UPLINK_LIMITS,
} from '../protocol/uplink.ts';
import { veto } from './veto.ts';

export type CallMethod = (method: string, params: unknown[]) => Promise<unknown>;

interface Remembered {
  /** Null while it runs. */
  outcome: CallOutcome | null;
  /** The hub has the outcome. */
  told: boolean;
}

/** Runs what the hub asks for, each id once; a replay is answered from memory. */
export class Calls {
  readonly #callMethod: CallMethod;
  readonly #allow: Allowance;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, Remembered>();
  #tell: ((outcome: CallOutcome) => void) | null = null;
  /** The hub's monotonic clock minus ours. */
  #hubAheadMs = 0;

  constructor(callMethod: CallMethod, allow: Allowance, clock: Clock) {
    this.#callMethod = callMethod;
    this.#allow = allow;
    this.#clock = clock;
  }

  /** A hub is connected: tells it every outcome it has not confirmed. */
  begin(tell: (outcome: CallOutcome) => void, hubUptimeMs: number): void {
    this.#tell = tell;
    this.#hubAheadMs = hubUptimeMs - this.#clock.uptimeMs();
    for (const { outcome, told } of this.#remembered.values()) if (outcome !== null && !told) tell(outcome);
  }

  end(): void {
    this.#tell = null;
  }

  take(call: Call): CallAccepted {
    const known = this.#remembered.get(call.id);
    if (known !== undefined) {
      if (known.outcome !== null) this.#tell?.(known.outcome);
      return { kind: 'accepted' };
    }
    const says = veto(call.method, this.#allow);
    if (says !== null) return { kind: 'vetoed', says };
    const remembered: Remembered = { outcome: null, told: false };
    this.#remember(call.id, remembered);
    if (this.#isLate(call)) this.#finish(remembered, { id: call.id, kind: 'expired' });
    else void this.#run(call, remembered);
    return { kind: 'accepted' };
  }

  /** The hub has it: it is still kept for replays, but not told again by itself. */
  confirmed(id: string): void {
    const known = this.#remembered.get(id);
    if (known !== undefined) known.told = true;
  }

  #isLate({ sentAtMs, deadlineMs }: Call): boolean {
    return this.#clock.uptimeMs() + this.#hubAheadMs - sentAtMs > deadlineMs;
  }

  async #run({ id, method, params }: Call, remembered: Remembered): Promise<void> {
    try {
      this.#finish(
        remembered,
        bounded({ id, kind: 'done', value: await this.#callMethod(method, [...params]) }),
      );
    } catch (error) {
      this.#finish(remembered, { id, kind: 'fault', ...faultOf(error) });
    }
  }

  #finish(remembered: Remembered, outcome: CallOutcome): void {
    remembered.outcome = outcome;
    this.#tell?.(outcome);
  }

  /** Finished calls are forgotten oldest first; one that runs is never forgotten, or a replay would run it twice. */
  #remember(id: string, remembered: Remembered): void {
    this.#remembered.set(id, remembered);
    for (const [oldId, { outcome }] of this.#remembered) {
      if (this.#remembered.size <= UPLINK_LIMITS.callsRemembered) break;
      if (outcome !== null) this.#remembered.delete(oldId);
    }
  }
}

const FAILED = 30;

/** An answer the connection could not carry is a fault, not the end of the connection. */
function bounded(outcome: CallOutcome & { readonly kind: 'done' }): CallOutcome {
  const bytes = Buffer.byteLength(JSON.stringify(outcome.value ?? null));
  if (bytes <= UPLINK_LIMITS.outcomeBytes) return outcome;
  return { id: outcome.id, kind: 'fault', faultCode: FAILED, faultString: 'FAILED: the answer is too large' };
}

function faultOf(error: unknown): { readonly faultCode: number; readonly faultString: string } {
  if (typeof error === 'object' && error !== null && 'faultCode' in error && 'faultString' in error) {
    return { faultCode: Number(error.faultCode), faultString: String(error.faultString) };
  }
  // anything else is a bug of the method: the hub learns that it failed, the details stay on the host
  return { faultCode: FAILED, faultString: 'FAILED: internal error' };
}
