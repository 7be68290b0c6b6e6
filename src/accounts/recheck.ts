import type { Cancel, Clock } from '../clock.ts';
import type { Accounts, Proof } from './accounts.ts';
import { mayI, type Right } from './rights.ts';

const EVERY_MS = 3_000;

/** Ends something long-lived, within seconds, once its owner may no longer have it. Returns the way to stop looking. */
export function whileAllowed(
  wish: { proof: Proof; right: Right },
  accounts: Accounts,
  clock: Clock,
  end: () => void,
): Cancel {
  let cancel: Cancel;
  const look = (): void => {
    if (mayI(accounts.visitor(wish.proof)?.person ?? null, wish.right)) cancel = clock.after(EVERY_MS, look);
    else end();
  };
  cancel = clock.after(EVERY_MS, look);
  return () => cancel();
}
