import type { Clock } from '../os/clock.ts';
import {
  type Allowance,
  type Call,
  type CallAccepted,
  type CallOutcome,
  UPLINK_LIMITS,
} from '../protocol/uplink.ts';
import { veto } from './veto.ts';

/** What all remembered outcomes may take, as they go over the wire. */
const MOST_OUTCOME_BYTES = 8 * 1024 * 1024;
/** Not worth forgetting. */
const SMALL_OUTCOME_BYTES = 1024;

export type CallMethod = (method: string, params: unknown[]) => Promise<unknown>;

interface Remembered {
  /** Null while it runs. */
  outcome: CallOutcome | null;
  /** Of its outcome. */
  bytes: number;
  /** The hub has the outcome. */
  told: boolean;
}

/** Runs what the hub asks for, each id once; a replay is answered from memory. */
export class Calls {
  readonly #callMethod: CallMethod;
  readonly #allow: Allowance;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, Remembered>();
  #running = 0;
  #bytes = 0;
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
    if (this.#running >= UPLINK_LIMITS.callsRemembered)
      return { kind: 'vetoed', says: 'too many calls are running on this host' };
    const remembered: Remembered = { outcome: null, told: false, bytes: 0 };
    this.#remember(call.id, remembered);
    this.#running += 1;
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
    let outcome: CallOutcome;
    try {
      outcome = { id, kind: 'done', value: await this.#callMethod(method, [...params]) };
    } catch (error) {
      outcome = { id, kind: 'fault', ...faultOf(error) };
    }
    this.#finish(remembered, outcome);
  }

  #finish(remembered: Remembered, told: CallOutcome): void {
    const bytes = Buffer.byteLength(JSON.stringify(told));
    // one the connection could not carry is a fault, not the end of the connection
    const outcome = bytes <= UPLINK_LIMITS.outcomeBytes ? told : failed(told.id, 'the answer is too large');
    this.#running -= 1;
    remembered.outcome = outcome;
    this.#keepWithin(remembered, outcome === told ? bytes : 0);
    this.#tell?.(outcome);
  }

  /** Of the outcomes that are too much to keep, the oldest are kept without their answer: not to be run twice is what counts. */
  #keepWithin(newest: Remembered, bytes: number): void {
    newest.bytes = bytes;
    this.#bytes += bytes;
    for (const [id, old] of this.#remembered) {
      if (this.#bytes <= MOST_OUTCOME_BYTES) break;
      if (old.outcome === null || old.bytes <= SMALL_OUTCOME_BYTES) continue;
      this.#bytes -= old.bytes;
      old.bytes = 0;
      old.outcome = failed(id, 'it was done, and its answer is no longer kept');
    }
  }

  /** Finished calls are forgotten oldest first; one that runs is never forgotten, or a replay would run it twice. */
  #remember(id: string, remembered: Remembered): void {
    this.#remembered.set(id, remembered);
    for (const [oldId, { outcome, bytes }] of this.#remembered) {
      if (this.#remembered.size <= UPLINK_LIMITS.callsRemembered) break;
      if (outcome === null) continue;
      this.#remembered.delete(oldId);
      this.#bytes -= bytes;
    }
  }
}

const FAILED = 30;

function failed(id: string, says: string): CallOutcome {
  return { id, kind: 'fault', faultCode: FAILED, faultString: `FAILED: ${says}` };
}

function faultOf(error: unknown): { readonly faultCode: number; readonly faultString: string } {
  if (typeof error === 'object' && error !== null && 'faultCode' in error && 'faultString' in error) {
    return { faultCode: Number(error.faultCode), faultString: String(error.faultString) };
  }
  // anything else is a bug of the method: the hub learns that it failed, the details stay on the host
  return { faultCode: FAILED, faultString: 'FAILED: internal error' };
}
