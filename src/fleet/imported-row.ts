/** One supervisord as a list of another program names it; nothing of it is checked against this hub yet. */
export interface ImportRow {
  /** From 1; null where the source has no lines. */
  readonly line: number | null;
  readonly name: string;
  /** Without credentials. */
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
  /** What was assumed or changed on the way, to be said to whoever imports; empty: nothing. */
  readonly remark: string;
}

/** What became of one row of a list of hosts that was taken over. */
export interface ImportedRow {
  readonly line: number | null;
  readonly name: string;
  readonly url: string;
  readonly environment: string | null;
  readonly hasCredentials: boolean;
  /** `added`, or would be in a dry run; `known` already; `refused`. */
  readonly result: 'added' | 'known' | 'refused';
  readonly says: string;
}
