import type { Channel } from '@fleetvisor/agent/protocol';
import type { Action, Plan, Verb } from '../fleet/action.ts';
import type { ConnectionTest } from '../fleet/connection-test.ts';
import type { FleetEvent } from '../fleet/event.ts';
import type { HostView } from '../fleet/host.ts';
import type { ImportFormat } from '../fleet/import-format.ts';
import type { UsageSeries } from '../fleet/metrics.ts';
import type { Parallel, Rolling } from '../fleet/pace.ts';
import type { Problem } from '../fleet/problem.ts';
import type { ProcessView } from '../fleet/process.ts';
import type { Drift, HostConfig, ProcessOptions } from '../fleet/process-options.ts';
import type { Said } from '../fleet/said.ts';
import type { Timeline } from '../fleet/timeline.ts';

/**
 * Requests and answers of the JSON API under `/api/v1`, shared by API, CLI and console.
 *
 * | route                          | takes          | gives                       |
 * |--------------------------------|----------------|-----------------------------|
 * | POST   /session                | SignIn         | SignedIn (+ cookie)         |
 * | GET    /session                |                | SignedIn                    |
 * | DELETE /session                |                | 204                         |
 * | POST   /tokens                 | SignIn + label | NewToken                    |
 * | GET    /fleet                  |                | Fleet                       |
 * | GET    /processes?selector=    |                | ProcessView[]               |
 * | GET    /hosts                  |                | HostView[]                  |
 * | POST   /hosts                  | NewHost        | 201 HostView                |
 * | PATCH  /hosts/:id              | HostPatch      | HostView                    |
 * | DELETE /hosts/:id              |                | 204; restorable for 10 min  |
 * | POST   /hosts/:id/restore      |                | HostView                    |
 * | POST   /hosts/:id/revoke       |                | HostView (agents)           |
 * | POST   /hosts/:id/test         |                | ConnectionTest              |
 * | POST   /hosts/test             | TestWish       | ConnectionTest              |
 * | POST   /hosts/import           | ImportRequest  | ImportReport                |
 * | GET    /hosts/found            |                | FoundSupervisor[]           |
 * | POST   /join-tokens            | NewJoinToken   | 201 JoinToken               |
 * | POST   /plans                  | ActionRequest  | Plan                        |
 * | POST   /actions                | ActionRequest  | 202 Action                  |
 * | GET    /actions                |                | Action[] (latest 100)       |
 * | GET    /actions/:id            |                | Action                      |
 * | POST   /actions/:id/cancel     |                | Action                      |
 * | POST   /actions/:id/resume     |                | Action                      |
 * | POST   /actions/:id/approve    |                | Action                      |
 * | POST   /actions/:id/decline    | reason         | Action                      |
 * | GET    /actions/:id/events     |                | SSE of Action               |
 * | GET    /tail?target&channel&bytes&lines&text&regex&follow= | | NDJSON of TailLine, streamed |
 * | GET    /search?selector&text&regex&channel&megabytes&context&limit= | | NDJSON of SearchResult, streamed |
 * | GET    /download?target&channel&megabytes= |    | text, as an attachment      |
 * | GET    /events?after&before&selector&kind&limit= | | EventPage               |
 * | GET    /events/stream?after&selector&kind= |    | SSE `event` of FleetEvent, `gap` of {says}; `Last-Event-ID` |
 * | GET    /processes/:host/:namespec |             | ProcessDetail               |
 * | GET    /processes/:host/:namespec/crashes |     | Crash[] (latest 200)        |
 * | GET    /processes/:host/:namespec/metrics?from&to&step= | | UsageSeries |
 * | GET    /processes/:host/:namespec/timeline?from&to= |   | Timeline        |
 * | GET    /hosts/:id/metrics?from&to&step= |       | UsageSeries, of all its processes |
 * | GET    /hosts/:id/timeline?from&to= |           | Timeline                    |
 * | GET    /hosts/:id/config       |                | HostConfig: asked of the host, at most 15 s old |
 * | GET    /processes/:host/:namespec/config |      | ProcessConfig               |
 * | GET    /groups/:group/drift    |                | Drift                       |
 * | GET    /hosts/:id/log?bytes=   |                | SupervisorLog               |
 * | POST   /processes/:host/:namespec/input | InputWish | SentInput               |
 *
 * POST /actions takes an `idempotency-key` header: the same key from the same person gives the same action, with 200.
 *
 * | GET    /users                  |                | UserView[]                  |
 * | POST   /users                  | NewUser        | 201 UserMade                |
 * | PATCH  /users/:id              | UserPatch      | UserView                    |
 * | POST   /users/:id/password     |                | UserMade: a new password    |
 * | DELETE /users/:id/second-factor |               | 204                         |
 * | GET    /users/:id/sessions     |                | SessionView[]               |
 * | DELETE /users/:id/sessions/:session |           | 204                         |
 * | GET    /me/sessions            |                | SessionView[]               |
 * | DELETE /me/sessions/:session   |                | 204                         |
 * | POST   /me/password            | PasswordChange | SignedIn (+ cookie)         |
 * | POST   /me/second-factor       | password       | SecondFactorProposal        |
 * | POST   /me/second-factor/confirm | secret + code | RecoveryCodes              |
 * | POST   /me/second-factor/drop  | password + code | 204                        |
 * | POST   /me/tokens              | OwnToken       | 201 NewToken                |
 * | GET    /tokens?all=            |                | TokenView[]                 |
 * | DELETE /tokens/:id             |                | 204                         |
 * | GET    /audit?text&actor&from&to&before&limit | | AuditPage                  |
 * | GET    /audit/export?format=   |                | CSV or JSON lines           |
 * | GET    /settings               |                | HubSettings                 |
 * | PATCH  /settings               | part of HubSettings | HubSettings            |
 *
 * Every error is `application/problem+json` (ProblemBody). Requests carry a session cookie plus the
 * `x-csrf-token` header on anything but GET, or `authorization: Bearer TOKEN`.
 */
export const API_ROOT = '/api/v1';

export interface SignIn {
  readonly user: string;
  readonly password: string;
  /** Of the second factor; asked for by the problem `code-needed`. */
  readonly code?: string;
}

export type Role = 'viewer' | 'operator' | 'admin';

export interface SignedIn {
  readonly user: string;
  readonly role: Role;
  /** To send back as `x-csrf-token`; empty for bearer tokens. */
  readonly csrf: string;
}

export interface NewToken {
  readonly id: string;
  /** Shown this once; the hub keeps only its hash. */
  readonly token: string;
  readonly user: string;
  readonly expiresAtMs: number | null;
}

/** One role, and where it counts. */
export interface GrantView {
  readonly role: Role;
  /** A target selector: `*`, `env=stage/web:*`, `#db/*`. */
  readonly scope: string;
  /** Of the role's rights only these; left out: all. */
  readonly rights?: readonly string[] | undefined;
}

export interface UserView {
  readonly id: string;
  readonly name: string;
  readonly grants: readonly GrantView[];
  readonly disabled: boolean;
  readonly secondFactor: boolean;
  readonly createdAtMs: number;
  /** `local`: with a password kept here; `oidc`, `ldap`: vouched for, their grants come from their groups. */
  readonly signsInBy: 'local' | 'oidc' | 'ldap';
  /** As told at the last sign-in; none for a local one. */
  readonly groups: readonly string[];
}

export interface NewUser {
  readonly name: string;
  /** Left out: the hub makes one. */
  readonly password?: string;
  readonly grants: readonly GrantView[];
}

export interface UserMade {
  readonly user: UserView;
  /** Shown this once; null when it was given. */
  readonly password: string | null;
}

export interface UserPatch {
  readonly grants?: readonly GrantView[];
  readonly disabled?: boolean;
  /** By that door alone from now on; ends their sessions, tokens and password. */
  readonly signsInBy?: UserView['signsInBy'];
}

export interface SessionView {
  readonly id: string;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  readonly address: string;
  /** What the browser called itself. */
  readonly agent: string;
  /** The one that asks. */
  readonly own: boolean;
}

export interface PasswordChange {
  readonly password: string;
  readonly newPassword: string;
  readonly code?: string;
}

/** To be typed or scanned into an authenticator app, and confirmed with a code of it. */
export interface SecondFactorProposal {
  readonly secret: string;
  readonly uri: string;
}

/** Each good once, when the app is lost; shown this once. */
export interface RecoveryCodes {
  readonly recoveryCodes: readonly string[];
}

export interface TokenView {
  readonly id: string;
  readonly user: string;
  readonly label: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly usedAtMs: number | null;
  /** What it may at most; null: all its owner may. */
  readonly limit: GrantView | null;
}

export interface AuditEntry {
  readonly seq: number;
  readonly atMs: number;
  /** `begun` is written before anything is done, `ended` after, `refused` instead of both. */
  readonly kind: 'begun' | 'ended' | 'refused';
  readonly ends: number | null;
  readonly actor: string;
  readonly way: string;
  readonly address: string;
  readonly what: string;
  readonly target: string;
  readonly detail: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly outcome: string;
}

export interface AuditPage {
  /** Newest first. */
  readonly rows: readonly AuditEntry[];
  /** To give as `before` for the next page; null: this is the last. */
  readonly next: number | null;
}

export interface HubSettings {
  /** In a change, a name alone has to be typed. */
  readonly protectedEnvironments: readonly ProtectedEnvironment[];
  /** How long an action waits for a second person. */
  readonly approvalMinutes: number;
}

/** Actions there need its name typed, or another person who may do them too and approves. */
export interface ProtectedEnvironment {
  readonly environment: string;
  readonly asks: 'typed' | 'second-person';
}

/** A token for oneself: what it may at most, and for how long. */
export interface OwnToken {
  readonly label?: string;
  readonly role?: Role;
  readonly scope?: string;
  readonly rights?: readonly string[];
  readonly ttlMs?: number;
  /** One's password once more; who has none here must have signed in within the last 15 minutes. */
  readonly password?: string;
  readonly code?: string;
}

/** The whole fleet as the hub has it in memory. */
export interface Fleet {
  readonly atMs: number;
  readonly hosts: readonly HostView[];
  readonly processes: readonly ProcessView[];
}

export interface NewHost {
  readonly name: string;
  /** `http://user:pw@…` is refused: credentials have their own fields. `unix:///run/supervisor.sock` works. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly environment?: string;
  readonly tags?: readonly string[];
  readonly notes?: string;
  readonly trust?: TrustWish;
}

/** `authority`: PEM of one's own authority. `sha256`: of the one certificate that is believed. For https alone. */
export type TrustWish = { readonly authority: string } | { readonly sha256: string };

/**
 * What is left out stays. Another scheme, host or port drops the credentials and the trust given for the old one.
 * `username: null` signs in with nothing.
 */
export interface HostPatch {
  readonly name?: string;
  readonly url?: string;
  readonly environment?: string | null;
  readonly tags?: readonly string[];
  readonly notes?: string;
  readonly disabled?: boolean;
  /** Null ends it. */
  readonly maintenance?: { readonly untilMs: number | null; readonly note?: string } | null;
  readonly trust?: TrustWish | null;
  readonly username?: string | null;
  readonly password?: string;
}

/** An address to be tried before it is added. */
export interface TestWish {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly trust?: TrustWish;
}

/** Formats whose name is left out are guessed. `content` is the file as base64. */
export interface ImportRequest {
  readonly content: string;
  readonly format?: ImportFormat;
  /** For every row that names none itself. */
  readonly environment?: string;
  readonly dryRun?: boolean;
}

export interface ImportReport {
  readonly format: ImportFormat;
  readonly dryRun: boolean;
  readonly rows: readonly ImportedRow[];
  /** What of the file could not be read, by line. */
  readonly problems: readonly Problem[];
}

export interface ImportedRow {
  readonly line: number | null;
  readonly name: string;
  readonly url: string;
  readonly environment: string | null;
  readonly hasCredentials: boolean;
  /** `added`, or would be without `dryRun`; `known` already; `refused`. */
  readonly result: 'added' | 'known' | 'refused';
  readonly says: string;
}

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

export interface NewJoinToken {
  readonly uses?: number;
  readonly ttlMs?: number;
  readonly environment?: string;
  readonly tags?: readonly string[];
}

export interface JoinToken {
  readonly token: string;
  readonly uses: number;
  readonly expiresAtMs: number;
}

export interface ActionRequest {
  readonly verb: Verb;
  // A target selector: `web-0?/api:*`, `#prod/worker:*`, `env=prod/web:*`, `host/group:process`, `group web`;
  // for update, reread, reload and shutdown hosts: `web-01`, `web*`, `#prod`, `env=prod`, `*`.
  readonly selector: string;
  /** Instead of everything the selector names: exactly these `host/group:process`, or hosts. */
  readonly only?: readonly string[];
  /** The word a plan over protected environments asks for. */
  readonly confirm?: string;
  /** For `signal`: `HUP`, `SIGHUP` or `1`. */
  readonly signal?: string;
  /** Left out: all targets at once. */
  readonly pace?: PaceWish;
}

/** What is left out of `rolling`: one target after the other, by name, ended by the first failure. */
export type PaceWish =
  | ({ readonly mode: 'parallel' } & Partial<Omit<Parallel, 'mode'>>)
  | ({ readonly mode: 'rolling' } & Partial<Omit<Rolling, 'mode'>>);

export type {
  Action,
  ConnectionTest,
  Drift,
  FleetEvent,
  HostConfig,
  HostView,
  ImportFormat,
  Plan,
  ProcessView,
  Timeline,
  UsageSeries,
};

/** One line of a tail response. `text` is the child's bytes as UTF-8, damaged bytes replaced, without the newline. */
export type TailLine =
  | {
      readonly kind: 'line';
      readonly source: string;
      readonly channel: Channel;
      readonly text: string;
      readonly atMs: number;
    }
  | {
      readonly kind: 'note';
      readonly source: string;
      readonly channel: Channel;
      readonly says: string;
      /** The same by what it says; left out where the host said it. */
      readonly said?: Said;
      readonly atMs: number;
    };

/** One line of a search's answer: matches, after the last of each log its counts, and at the end the sum. */
export type SearchResult =
  | {
      readonly kind: 'match';
      readonly source: string;
      readonly channel: Channel;
      /** Counted from the first whole line that was looked at. */
      readonly line: number;
      readonly text: string;
      readonly before: readonly string[];
      readonly after: readonly string[];
    }
  | {
      readonly kind: 'searched';
      readonly source: string;
      readonly channel: Channel;
      readonly matches: number;
      /** Matches beyond `limit` are counted, not shown. */
      readonly shown: number;
      readonly lines: number;
      readonly bytes: number;
      /** Why it was not, or not all of it, looked at; empty when it was. */
      readonly says: string;
    }
  | {
      readonly kind: 'end';
      readonly matches: number;
      readonly logs: number;
      readonly troubled: number;
      readonly tookMs: number;
    };

/** Oldest first. Without `after` the latest; older ones with `before` the first one's id. */
export interface EventPage {
  readonly events: readonly FleetEvent[];
  /** Everything up to this number was looked at: the next `after`. */
  readonly cursor: number;
  /** With `after` there are newer ones still, without it older ones. */
  readonly more: boolean;
}

/** An end of a process that nobody wished. `lastLines`: its last words, newest last. */
export interface Crash {
  readonly id: number;
  readonly atMs: number;
  readonly state: ProcessView['state'];
  readonly exitStatus: number | null;
  readonly exitSignal: string | null;
  readonly spawnError: string;
  readonly lastLines: readonly string[];
}

export interface ProcessDetail {
  readonly host: HostView;
  readonly process: ProcessView;
  /** Newest first. */
  readonly events: readonly FleetEvent[];
  readonly crashes: readonly Crash[];
}

/** How one process is configured. Null: its supervisor does not name it; `says` tells why nothing newer is known. */
export interface ProcessConfig {
  /** When it was told; null: never yet. */
  readonly atMs: number | null;
  readonly process: ProcessOptions | null;
  readonly says: string;
}

/** The end of a supervisor's own log, in whole lines. */
export interface SupervisorLog {
  readonly atMs: number;
  readonly lines: readonly string[];
  /** There is more before these lines. */
  readonly cut: boolean;
  /** Why it could not be read; empty when it was. */
  readonly says: string;
}

export interface InputWish {
  /** Sent as UTF-8 and as it is: a line ends with a newline of its own. */
  readonly text: string;
}

export interface SentInput {
  readonly bytes: number;
}

/** RFC 9457. `type` is stable: `https://fleetvisor.dev/problems/<slug>`. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly problems?: readonly Problem[];
}
