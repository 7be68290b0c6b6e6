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
