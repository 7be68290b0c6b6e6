/** The files a configuration is made of and points to, as a port. Paths are absolute or relative to the cwd. */
export interface ConfigFiles {
  /** The bytes of a file, or why they cannot be had. Reads at most `limit` bytes. */
  read(path: string, limit: number): FileRead;
  /** Whether anything stands at the path; follows links. */
  exists(path: string): boolean;
  isDirectory(path: string): boolean;
  /** Whether reading it would wait for somebody to write. */
  isPipe(path: string): boolean;
  /** Whether every user of the machine may read it. */
  isReadableByAll(path: string): boolean;
  /** Whether a file could be made in this folder. */
  isWritable(path: string): boolean;
  /** Names in a folder, without `.` and `..`; none when it cannot be read. */
  list(path: string): readonly string[];
}

export type FileRead =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'too-large' };

/** The users and groups of the machine, as a port. */
export interface UserDirectory {
  userByName(name: string): UserRecord | undefined;
  userById(uid: number): UserRecord | undefined;
  groupByName(name: string): GroupRecord | undefined;
  groupById(gid: number): GroupRecord | undefined;
  /** The uid this program runs as. */
  ownUid(): number;
}

export interface UserRecord {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export interface GroupRecord {
  readonly name: string;
  readonly gid: number;
}
