import type { Channel } from './info.ts';
import type { DaemonState, ProcessState } from './states.ts';

/** Versions of the uplink protocol this build speaks: the newest, and one older. */
export const UPLINK_VERSIONS = { newest: 1, oldest: 1 } as const;
export const UPLINK_NAMESPACE = '/uplink';

/** What one message, one queue or one list may hold; both ends keep to it and refuse more. */
export const UPLINK_LIMITS = {
  /** Bytes of one message on the wire. */
  messageBytes: 1024 * 1024,
  processesPerSnapshot: 250,
  eventsPerMessage: 100,
  /** Events the agent sends before it waits for `stored`. */
  eventsInFlight: 1_000,
  textCharacters: 1_024,
  lastLines: 20,
  lastLinesBytes: 2_048,
  outcomeBytes: 512 * 1024,
  /** Keys the hub had before its own, in one challenge. */
  formerHubKeys: 8,
  /** Bytes of log in one `tail:part`, before base64. */
  tailPartBytes: 32 * 1024,
  tails: 64,
  /** What one tail may send at once, however much it is granted. */
  tailCreditBytes: 512 * 1024,
  /** Calls an agent remembers to answer a replay. */
  callsRemembered: 1_000,
} as const;

/** What any hub may do on the host, set there: the local veto. */
export type Allowance = 'observe' | 'control' | 'configure';

/** What the agent sends with the connection itself: a number used once, for the hub to sign. */
export interface UplinkHandshake {
  readonly nonce: string;
}

/** First message of the hub on every connection; the agent signs `nonce` with its key. */
export interface Challenge {
  readonly nonce: string;
  readonly newest: number;
  readonly oldest: number;
  /** The hub's own public key (base64 SPKI). */
  readonly hubKey: string;
  /** Base64 signature of `hubProofText` over the nonce of the agent's handshake. */
  readonly hubSignature: string;
  /** Keys the hub had before, newest first: each vouches for `hubKey`, for an agent that pinned it. */
  readonly former?: readonly FormerHubKey[];
}

export interface FormerHubKey {
  /** Base64 SPKI. */
  readonly hubKey: string;
  /** Base64 signature of `hubVouchText`. */
  readonly signature: string;
}

/** What the hub signs to show that it has its key. */
export function hubProofText(agentNonce: string): string {
  return `fleetvisor-hub\n${agentNonce}`;
}

/** What a former key of the hub signs, so that an agent that pinned it takes the hub's new one. */
export function hubVouchText(agentNonce: string, newHubKey: string): string {
  return `fleetvisor-hub-follows\n${agentNonce}\n${newHubKey}`;
}

/** What the agent signs: for this connection and this hub only. */
export function agentProofText(hubNonce: string, hubKey: string): string {
  return `fleetvisor-uplink\n${hubNonce}\n${hubKey}`;
}

/** The agent's answer: who it is, and the proof. */
export interface Hello {
  readonly version: number;
  /** Base64 SPKI of the agent's Ed25519 key. */
  readonly publicKey: string;
  /** Base64 signature of `agentProofText`. */
  readonly signature: string;
  /** Set on the first connection only. */
  readonly joinToken?: string;
  readonly hostName: string;
  readonly agentVersion: string;
  readonly capabilities: readonly string[];
  readonly allow: Allowance;
  /** The run of the agent these sequence numbers belong to; a new one on every start. */
  readonly epoch: string;
  /** The agent's wall clock now. */
  readonly wallMs: number;
}

export type HelloAnswer =
  | {
      readonly kind: 'welcome';
      readonly hostId: string;
      /** The last event number the hub has of this epoch, or null: it has none. */
      readonly resumeAfter: number | null;
      /** Whether a snapshot is wanted after those events; without `resumeAfter` it always is. */
      readonly snapshot: boolean;
      /** The hub's monotonic clock now: `Call.sentAtMs` is told by it. */
      readonly hubUptimeMs: number;
    }
  | { readonly kind: 'refused'; readonly reason: HelloRefusal; readonly says: string };

export type HelloRefusal =
  | 'unknown-key'
  | 'bad-signature'
  | 'token-invalid'
  | 'token-expired'
  | 'token-used'
  | 'name-taken'
  | 'duplicate-identity'
  | 'revoked'
  | 'disabled'
  | 'version'
  | 'malformed'
  | 'overloaded';

/** One process as the agent tells it. Times are epoch milliseconds by the agent's clock, 0 for never. */
export interface UplinkProcess {
  readonly name: string;
  readonly group: string;
  readonly state: ProcessState;
  readonly sinceMs: number;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly stoppedAtMs: number;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  /** On EXITED: whether the exit was an expected one. */
  readonly expected: boolean;
  readonly spawnError: string;
  readonly tries: number;
  readonly retryInMs: number | null;
  readonly startMs: number;
  readonly stopWaitMs: number;
  readonly hasStdout: boolean;
  readonly hasStderr: boolean;
}

/** Everything about the host at event number `seq`; later events build on it. Large ones come in parts. */
export interface Snapshot {
  readonly epoch: string;
  readonly seq: number;
  readonly wallMs: number;
  readonly identifier: string;
  readonly supervisorVersion: string;
  readonly daemonState: DaemonState;
  readonly pid: number;
  /** What the machine or the container has; agents from before it was told leave it out. */
  readonly machine?: { readonly memoryBytes: number; readonly cpus: number };
  readonly processes: readonly UplinkProcess[];
  /** True: more processes of the same snapshot follow in the next message. */
  readonly more: boolean;
}

/** Numbered without hole or repeat within one epoch. */
export interface NumberedEvent {
  readonly seq: number;
  readonly wallMs: number;
  readonly event: UplinkEvent;
}

export type UplinkEvent =
  /** A process changed, was added, or has a new configuration. `lastLines`: its last words when it crashed. */
  | {
      readonly kind: 'process';
      readonly process: UplinkProcess;
      readonly from: ProcessState | null;
      readonly lastLines?: readonly string[];
    }
  | { readonly kind: 'group-removed'; readonly group: string }
  | { readonly kind: 'daemon'; readonly state: DaemonState }
  /** CPU percent of one core and resident bytes by `group:process`; only while connected. */
  | {
      readonly kind: 'metrics';
      readonly of: Readonly<Record<string, readonly [cpuPercent: number, memoryBytes: number]>>;
    };

/** A supervisor method by its XML-RPC name, run once per `id` whatever is replayed. */
export interface Call {
  readonly id: string;
  readonly method: string;
  readonly params: readonly unknown[];
  /** Milliseconds after `sentAtMs` that the hub is still interested; a call that arrives later is not run. */
  readonly deadlineMs: number;
  /** By the hub's monotonic clock. */
  readonly sentAtMs: number;
}

/** An agent's own method, called over the uplink alone: `[offset]` → `OwnConfigPage`. */
export const OWN_CONFIG_METHOD = 'fleetvisor.getConfigInfo';

/** Part of the configuration last read: as `getAllConfigInfo` tells it and more, from `offset` on. */
export interface OwnConfigPage {
  readonly total: number;
  readonly processes: readonly Readonly<Record<string, unknown>>[];
}

export type CallAccepted = { readonly kind: 'accepted' } | { readonly kind: 'vetoed'; readonly says: string };

export type CallOutcome =
  | { readonly id: string; readonly kind: 'done'; readonly value: unknown }
  | { readonly id: string; readonly kind: 'fault'; readonly faultCode: number; readonly faultString: string }
  | { readonly id: string; readonly kind: 'expired' };

export interface TailOpen {
  readonly tailId: string;
  readonly group: string;
  readonly process: string;
  readonly channel: Channel;
  /** Begin this many bytes before the end; or at `fromOffset` when resuming. */
  readonly lastBytes: number;
  readonly fromOffset?: number;
  /** Bytes the agent may send before it needs `tail:credit`. */
  readonly credit: number;
  readonly follow: boolean;
}

export type TailPart =
  /** `data` is base64: bytes as the child wrote them. `endOffset` is where they end in the current file. */
  | { readonly tailId: string; readonly kind: 'bytes'; readonly data: string; readonly endOffset: number }
  | { readonly tailId: string; readonly kind: 'truncated' | 'replaced' }
  | { readonly tailId: string; readonly kind: 'skipped'; readonly bytes: number }
  | { readonly tailId: string; readonly kind: 'end'; readonly says: string };

/** Events the hub sends, typed for both ends of the socket. */
export interface HubToAgent {
  challenge(challenge: Challenge): void;
  call(call: Call, answer: (accepted: CallAccepted) => void): void;
  'tail:open'(
    open: TailOpen,
    answer: (opened: { readonly ok: boolean; readonly says?: string }) => void,
  ): void;
  'tail:credit'(credit: { readonly tailId: string; readonly bytes: number }): void;
  'tail:close'(close: { readonly tailId: string }): void;
  /** The hub has every event up to `seq`: more may be sent. */
  stored(stored: { readonly seq: number }): void;
  /** Send a snapshot again. */
  resync(): void;
  /** Still there? Asked when a second connection claims the same identity. */
  probe(answer: () => void): void;
}

/** Events the agent sends, typed for both ends of the socket. */
export interface AgentToHub {
  /** Answer to `challenge`. */
  hello(hello: Hello, answer: (welcome: HelloAnswer) => void): void;
  snapshot(snapshot: Snapshot): void;
  events(events: readonly NumberedEvent[]): void;
  outcome(outcome: CallOutcome, stored: () => void): void;
  'tail:part'(part: TailPart): void;
}
