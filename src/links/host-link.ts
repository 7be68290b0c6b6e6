import type { Channel } from '@fleetvisor/agent/protocol';
import type { Host, HostFacts, Reachability } from '../fleet/host.ts';
import type { ProcessFacts } from '../fleet/process.ts';
import type { Said, Told } from '../fleet/said.ts';

/** One process as a link tells it: what the fleet state has no need to work out. */
export type LinkProcess = ProcessFacts;

/** What links report, in order per host. The fleet state implements it; nothing here may throw or block. */
export interface LinkSink {
  reachability(hostId: string, reachability: Reachability): void;
  /** Everything the host has now: processes not named are gone. */
  snapshot(hostId: string, facts: HostFacts, processes: readonly LinkProcess[]): void;
  /** One process changed. `lastLines`: its last words when it crashed, newest last. */
  changed(hostId: string, process: LinkProcess, lastLines: readonly string[] | null): void;
  groupRemoved(hostId: string, group: string): void;
  /** `group:name` → CPU percent of one core and resident bytes. */
  metrics(hostId: string, of: ReadonlyMap<string, readonly [cpuPercent: number, memoryBytes: number]>): void;
  /** The host answered, with nothing new: its data is fresh. */
  heard(hostId: string): void;
}

/** The hub's end of one host. Every call ends by `deadlineMs` or by the signal; a hung host holds up only its own. */
export interface HostLink {
  readonly host: Host;
  /** Connects, or begins to wait for the agent; reports through the sink from then on. */
  open(): void;
  /** Ends everything under way; reports nothing afterwards. */
  close(): Promise<void>;
  /**
   * Calls a supervisor method once. Never sent twice; `id` makes a replay after a reconnect harmless.
   * Throws `LinkError` with what happened. What comes of it is told soon, however seldom a quiet host is asked.
   */
  call(call: LinkCall): Promise<unknown>;
  /**
   * The host told by itself, through its push listener: with `changed`, looks at once. While it goes on telling,
   * a quiet host is asked seldom. Links that are told everything anyway have no such thing.
   */
  pushed?(changed: boolean): void;
  tail(request: TailRequest): LinkTail;
  /**
   * Which run of the agent it talks to: within one, it remembers calls by their ids. Null while it is away;
   * a supervisor that remembers nothing has no such method.
   */
  run?(): string | null;
}

export interface LinkCall {
  readonly id: string;
  /** `supervisor.startProcess`; waiting forms are never used: state is watched instead. */
  readonly method: string;
  readonly params: readonly unknown[];
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** It only looks: nothing changes by it, so it may be asked again and nothing is to be expected of it. */
  readonly looks?: true;
  /**
   * Only asks what became of the call of this id, and runs nothing: `unreachable` when the agent never had it.
   * For links that have a `run()`.
   */
  readonly question?: true;
}

export type LinkErrorKind =
  /** The supervisor answered with a fault. */
  | 'fault'
  /** Nothing was sent: the host is not reachable. */
  | 'unreachable'
  /** It may have been sent; no answer came. */
  | 'unknown'
  /** The host's own configuration does not allow it. */
  | 'vetoed'
  | 'cancelled';

export class LinkError extends Error {
  readonly kind: LinkErrorKind;
  readonly faultCode: number | null;

  readonly said: Said | undefined;

  constructor(kind: LinkErrorKind, why: string | Told, faultCode: number | null = null) {
    super(typeof why === 'string' ? why : why.says);
    this.said = typeof why === 'string' ? undefined : why.said;
    this.name = 'LinkError';
    this.kind = kind;
    this.faultCode = faultCode;
  }

  get told(): Told {
    return this.said === undefined ? { says: this.message } : { says: this.message, said: this.said };
  }
}

export interface TailRequest {
  readonly group: string;
  readonly process: string;
  readonly channel: Channel;
  readonly lastBytes: number;
  /** False: the last bytes, then the end. */
  readonly follow: boolean;
  /** What may come at most ahead of the reader; left out: 256 KiB. */
  readonly windowBytes?: number;
}

/** An open log tail. Iterating asks for more; a reader that stops costs nothing but its own tail. */
export interface LinkTail extends AsyncIterable<LinkTailPart> {
  close(): void;
}

export type LinkTailPart =
  /** `endOffset`: where in the log these bytes end. */
  | { readonly kind: 'bytes'; readonly data: Buffer; readonly endOffset?: number }
  /** `mayLack`: what was written just before may never have been seen. */
  | { readonly kind: 'truncated' | 'replaced'; readonly mayLack?: true }
  /** `bytes` were written and are not shown: the writer was faster than this tail. */
  | { readonly kind: 'skipped'; readonly bytes: number }
  /** The host went away, or came back; the tail continues from its offset. */
  | { readonly kind: 'away' }
  /** `offset`: where in the log it goes on, if that is known. */
  | { readonly kind: 'back'; readonly offset?: number }
  | { readonly kind: 'end'; readonly says: string };
