/** How much of a log: its last bytes, or everything from now on. */
export type TailAmount = { readonly kind: 'last'; readonly bytes: number } | { readonly kind: 'follow' };

const DEFAULT_BYTES = 1600;

/** Reads `-f` or `-N`; no modifier is the default amount, null one that says nothing. Contract: CTL-051. */
export function parseAmount(modifier: string | null): TailAmount | null {
  if (modifier === null) return { kind: 'last', bytes: DEFAULT_BYTES };
  if (modifier === '-f') return { kind: 'follow' };
  const number = modifier.slice(1);
  return /^[+-]?\d+$/.test(number) ? { kind: 'last', bytes: Number(number) } : null;
}
