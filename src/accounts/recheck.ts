import type { Cancel, Clock } from '../clock.ts';
import type { Accounts, Proof } from './accounts.ts';
import { mayI, type Person, type Right } from './rights.ts';

const EVERY_MS = 3_000;

/**
 * Ends something long-lived once its owner may no longer have it, or has other grants: at once when that was changed
 * here, within seconds otherwise. Returns the way to stop looking.
 */
export function whileAllowed(
  wish: { proof: Proof; right: Right },
  accounts: Accounts,
  clock: Clock,
  end: () => void,
): Cancel {
  const standing = new Standing(wish.proof, accounts);
  let cancel: Cancel;
  const look = (): void => {
    cancel();
    if (standing.isAsItWas() && mayI(standing.person(), wish.right)) {
      cancel = clock.after(EVERY_MS, look);
      return;
    }
    forget();
    end();
  };
  const forget = accounts.onChange(look);
  cancel = clock.after(EVERY_MS, look);
  return () => {
    forget();
    cancel();
  };
}

/**
 * Who stands behind a proof, for something that lasts: asked before every packet, it looks anew only when anything
 * about people may have changed since, here or in another process.
 */
export class Standing {
  readonly #proof: Proof;
  readonly #accounts: Accounts;
  readonly #grants: string;
  #version: string;
  #person: Person | null;

  constructor(proof: Proof, accounts: Accounts) {
    this.#proof = proof;
    this.#accounts = accounts;
    this.#version = accounts.version();
    this.#person = accounts.visitor(proof)?.person ?? null;
    this.#grants = grantsOf(this.#person);
  }

  person(): Person | null {
    const version = this.#accounts.version();
    if (version !== this.#version) {
      this.#version = version;
      this.#person = this.#accounts.visitor(this.#proof)?.person ?? null;
    }
    return this.#person;
  }

  /** False once it ended, or its grants are others than at the beginning. */
  isAsItWas(): boolean {
    const person = this.#accounts.visitor(this.#proof)?.person ?? null; // also what ends by time alone
    return person !== null && grantsOf(person) === this.#grants;
  }
}

const grantsOf = (person: Person | null): string => JSON.stringify([person?.grants, person?.limit]);
