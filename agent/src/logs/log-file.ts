/** One log on disk as its readers see it: byte offsets in the current file, which rotation replaces. */
export interface LogFile {
  readonly path: string;
  /** False for pipes, terminals and other things that have no size and no past. */
  readonly readable: boolean;
  /** Size in bytes of the file at `path` now, or null when it is not there. */
  size(): number | null;
  /** Bytes `[offset, offset + length)` of the file at `path`; fewer at its end. Throws the system's error. */
  read(offset: number, length: number): Buffer;
  /**
   * Follows from `fromOffset`: calls `hear` with every byte written from then on, over rotation, clearing,
   * truncation and removal, each of which is told in its place. Returns the way to stop.
   * `hear` answers false to hold: nothing more is delivered until `resume`.
   */
  follow(fromOffset: number, hear: (part: FollowPart) => unknown): Follow;
}

export type FollowPart =
  | { readonly kind: 'bytes'; readonly data: Buffer }
  /** The file shrank: reading goes on from its start. */
  | { readonly kind: 'truncated' }
  /** A new file stands at the path: reading goes on from its start. */
  | { readonly kind: 'replaced' };

export interface Follow {
  /** Stops delivery; what is written meanwhile is read from the file on `resume`, so nothing is buffered. */
  hold(): void;
  resume(): void;
  close(): void;
}
