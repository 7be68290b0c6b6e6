import type { Stray } from './group-members.ts';
import type { ProcessIdentity } from './proc-table.ts';
import type { Signalled } from './send-signal.ts';
import type { ChildEnd } from './wait-status.ts';

export type OutputChannel = 'stdout' | 'stderr';

/** What is needed to make one child. Everything is decided before: the port only does it. */
export interface SpawnRequest {
  /** Path given to exec; relative ones count from the child's directory. */
  readonly file: string;
  /** The child sees `argv[0]` exactly as given here. */
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string | null;
  readonly umask: number | null;
  /** Null: as the daemon. Otherwise uid, gid and every group the user is in. */
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number } | null;
  /** A pipe of our own, or a descriptor the child gets as fd 0. */
  readonly stdin: 'pipe' | { readonly fd: number };
  /** `stdout`: both channels are one pipe. */
  readonly stderr: 'pipe' | 'stdout';
  readonly hear: ChildEars;
}

/** What a child does, told in order: all of its output, then its end, once. */
export interface ChildEars {
  /** `chunk` lies in a buffer that is used again: copy what is kept. */
  output(channel: OutputChannel, chunk: Buffer): void;
  end(end: ChildEnd): void;
  /** A channel of answers that somebody waits for. On others a torrent of small chunks comes a moment later. */
  readonly urgent?: OutputChannel;
}

/** `closed`: the child no longer reads. `full`: too much is waiting already; nothing was taken. */
export type Written = 'taken' | 'closed' | 'full';

/** The live process behind a slot. Once its end was told, signals find it `gone`: never a stranger with its pid. */
export interface Child {
  readonly pid: number;
  /** Our ends of its pipes, for handing on; null where there is none. */
  readonly pipes: {
    readonly stdin: number | null;
    readonly stdout: number | null;
    readonly stderr: number | null;
  };
  signal(signal: number, to: 'child' | 'group'): Signalled;
  write(bytes: Buffer): Written;
}

export type Spawned =
  | { readonly kind: 'spawned'; readonly child: Child }
  /** The step that failed and the system's error name: making pipes, forking, or what the child does before exec. */
  | {
      readonly kind: 'failed';
      readonly at: 'pipes' | 'fork' | 'user' | 'directory' | 'exec';
      readonly errno: string;
    };

/** What stands at a path, as a command lookup needs it. */
export type FileKind = 'missing' | 'directory' | 'not-executable' | 'not-permitted' | 'executable';

/** A listening socket that only children accept on. */
export interface SharedSocket {
  readonly fd: number;
  close(): void;
}

export interface SharedSocketRequest {
  readonly url: string;
  readonly backlog: number | null;
  readonly mode: number | null;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** The operating system as a port: everything the process room does to the machine. */
export interface Os {
  spawn(request: SpawnRequest): Spawned;
  /**
   * Takes over a child that another daemon started; null when it is gone. Its end is told without code or signal.
   * A pipe that one of `mates` holds the other end of is not ours and is left alone.
   */
  adopt(who: ProcessIdentity, mates: readonly number[], hear: ChildEars): Child | null;
  /** Whether anybody lives in a process group; after its leader ended that is what it left behind. */
  hasMembers(group: number): boolean;
  membersOf(groups: ReadonlySet<number>): readonly Stray[];
  fileKind(path: string): FileKind;
  /** The daemon's own environment: what every child inherits. */
  environment(): Readonly<Record<string, string>>;
  /** Binds and listens; never accepts. Throws the system's error. */
  listenShared(request: SharedSocketRequest): SharedSocket;
}
