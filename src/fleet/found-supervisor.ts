/** A supervisord on the hub's own machine that is not registered. */
export interface FoundSupervisor {
  readonly url: string;
  readonly suggestedName: string;
  /** Where it was found: a socket, or the file that names it. */
  readonly from: string;
  /** What it answers; null when it wants a user and password, or is not let in. */
  readonly version: string | null;
  readonly says: string;
}
