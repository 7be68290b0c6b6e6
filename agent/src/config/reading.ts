/** What is wrong with one value, in supervisord's words, and how to mend it. */
export interface ValueFault {
  readonly says: string;
  readonly hint?: string;
}

/** A value read from text, or what is wrong with the text. */
export type Reading<T, F = ValueFault> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: F };

/** Turns the text of one option into its value. */
export type Reader<T> = (text: string) => Reading<T>;

export function good<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function bad<F>(fault: F): { readonly ok: false; readonly fault: F } {
  return { ok: false, fault };
}

/** A fault in supervisord's words. */
export function wrong(says: string, hint?: string): { readonly ok: false; readonly fault: ValueFault } {
  return bad(hint === undefined ? { says } : { says, hint });
}
