import type { Clock } from '../os/clock.ts';
import { Fault } from './faults.ts';

/** Results that all multicalls keep until they answer, roughly in characters on the wire. */
const MAX_WEIGHT = 64 * 1024 * 1024;
/** What each may keep even when others keep all of that. */
const OWN_WEIGHT = 128 * 1024;
/** Always kept: what changes something answers little, and is never said to have failed when it was done. */
const SMALL_WEIGHT = 1024;
/** How long calls may follow each other before others get their turn. */
const SLICE_MS = 15;

type Call = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** What the multicalls that run now keep together. */
export class KeptResults {
  #weight = 0;

  /** Whether a multicall that keeps `own` may keep one more result of this weight: then it counts. */
  take(own: number, weight: number): boolean {
    const isSmall = weight <= SMALL_WEIGHT || own + weight <= OWN_WEIGHT;
    const fits = isSmall || this.#weight + weight <= MAX_WEIGHT;
    if (fits) this.#weight += weight;
    return fits;
  }

  /** Whether a multicall that keeps `own` should run no more. */
  isFull(own: number): boolean {
    return own >= OWN_WEIGHT && this.#weight >= MAX_WEIGHT - SMALL_WEIGHT;
  }

  release(weight: number): void {
    this.#weight -= weight;
  }
}

/**
 * Runs calls strictly one after another; a call that faults is a struct in its place and the rest go on.
 * Entries are bare values. Contract: RPC-042 to RPC-049.
 */
export async function multicall(
  calls: unknown,
  call: Call,
  clock: Clock,
  kept: KeptResults,
): Promise<readonly unknown[]> {
  if (!Array.isArray(calls)) throw new Fault('INCORRECT_PARAMETERS');
  const results: unknown[] = [];
  let own = 0;
  let sliceEndsMs = clock.uptimeMs() + SLICE_MS;
  for (const wanted of calls) {
    if (clock.uptimeMs() >= sliceEndsMs) {
      await new Promise<void>((next) => clock.after(0, next));
      sliceEndsMs = clock.uptimeMs() + SLICE_MS;
    }
    const result = kept.isFull(own) ? NOT_RUN : await runEntry(wanted, call);
    const weight = weigh(result);
    const fits = kept.take(own, weight);
    if (fits) own += weight;
    results.push(fits ? result : NOT_KEPT);
  }
  kept.release(own);
  return results;
}

const NOT_RUN = structOf(
  new Fault('FAILED', 'not run: no room for more results until others have been answered'),
);
const NOT_KEPT = structOf(new Fault('FAILED', 'no room for its result until others have been answered'));

async function runEntry(wanted: unknown, call: Call): Promise<unknown> {
  try {
    return await runCall(wanted, call);
  } catch (error) {
    if (error instanceof Fault) return structOf(error);
    return structOf(
      new Fault('FAILED', error instanceof Error ? `${error.name}:${error.message}` : String(error)),
    );
  }
}

function runCall(wanted: unknown, call: Call): Promise<unknown> {
  if (wanted === null || typeof wanted !== 'object') throw new Fault('INCORRECT_PARAMETERS');
  const { methodName, params = [] } = wanted as { readonly methodName?: unknown; readonly params?: unknown };
  if (methodName === undefined || methodName === null)
    throw new Fault('INCORRECT_PARAMETERS', 'No methodName');
  if (methodName === 'system.multicall') {
    throw new Fault('INCORRECT_PARAMETERS', 'Recursive system.multicall forbidden');
  }
  if (typeof methodName !== 'string' || !Array.isArray(params)) throw new Fault('INCORRECT_PARAMETERS');
  return call(methodName, params);
}

function structOf({ faultCode, faultString }: Fault) {
  return { faultCode, faultString };
}

function weigh(value: unknown): number {
  const own = 32;
  if (typeof value === 'string') return own + value.length;
  if (value === null || typeof value !== 'object') return own;
  return Object.values(value).reduce<number>((sum, member) => sum + weigh(member) + own, own);
}
