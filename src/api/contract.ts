import type { Channel } from '@fleetvisor/agent/protocol';
import type { Action, Plan, Verb } from '../fleet/action.ts';
import type { HostView } from '../fleet/host.ts';
import type { Problem } from '../fleet/problem.ts';
import type { ProcessView } from '../fleet/process.ts';

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
 * | DELETE /hosts/:id              |                | 204                         |
 * | POST   /join-tokens            | NewJoinToken   | 201 JoinToken               |
 * | POST   /plans                  | ActionRequest  | Plan                        |
 * | POST   /actions                | ActionRequest  | 202 Action                  |
 * | GET    /actions                |                | Action[] (latest 100)       |
 * | GET    /actions/:id            |                | Action                      |
 * | POST   /actions/:id/cancel     |                | Action                      |
 * | GET    /actions/:id/events     |                | SSE of Action               |
 * | GET    /tail?target&channel&bytes&follow= |     | NDJSON of TailLine, streamed |
 *
 * Every error is `application/problem+json` (ProblemBody). Requests carry a session cookie plus the
 * `x-csrf-token` header on anything but GET, or `authorization: Bearer TOKEN`.
 */
export const API_ROOT = '/api/v1';

export interface SignIn {
  readonly user: string;
  readonly password: string;
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
  // A target selector: `web-0?/api:*`, `#prod/worker:*`, `env=prod/web:*`, `host/group:process`, `group web`.
  readonly selector: string;
  /** Instead of everything the selector names: exactly these `host/group:process`. */
  readonly only?: readonly string[];
}

export type { Action, HostView, Plan, ProcessView };

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
      readonly atMs: number;
    };

/** RFC 9457. `type` is stable: `https://fleetvisor.dev/problems/<slug>`. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly problems?: readonly Problem[];
}
