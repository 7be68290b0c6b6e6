/** A fault in text somebody wrote. `where`: `selector:4`, `url`, `name`. `hint` says how to mend it. */
export interface Problem {
  readonly where: string;
  readonly says: string;
  readonly hint?: string;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };
