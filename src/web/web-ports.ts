import type { Request } from 'express';
import type { Action, SignedIn } from '../api/contract.ts';
import type { Clock } from '../clock.ts';
import type { FleetNow } from './fleet-now.ts';
import type { SignOn } from './sign-on.ts';

/**
 * What the console's pages need of the hub. Every call answers at once from memory and never throws.
 *
 * | page                        | address                                                          |
 * |-----------------------------|------------------------------------------------------------------|
 * | overview                    | `/`                                                              |
 * | processes, every view       | `/processes?text=&state=&host=&group=&env=&source=&by=&fold=&sort=` |
 * | one process                 | `/processes/HOST/GROUP:NAME` (each part percent-encoded)         |
 * | groups, one group           | `/groups`, `/groups/NAME`                                        |
 * | hosts, one host             | `/hosts`, `/hosts/NAME`                                          |
 * | logs                        | `/logs?target=HOST/GROUP:NAME` (repeatable)                      |
 * | actions, one action         | `/actions`, `/actions/ID`                                        |
 * | settings                    | `/settings/you`, `…/people`, `…/people/ID`, `…/audit`, `…/hub`   |
 * | forms without a script      | `/forms/NAME?of=`                                                |
 * | reference of the API        | `/reference?text=`, `/reference/problems/SLUG`                   |
 * | sign in                     | `/sign-in?next=`                                                 |
 * | let a command in            | `/device?code=`                                                  |
 * | … by a provider, and back   | `/sign-in/oidc?next=`, `/sign-in/oidc/callback`                  |
 *
 * `LatelyEvent.link` is one of these, without `basePath`.
 */
export interface WebPorts {
  readonly clock: Clock;
  /** Where the console is mounted, without a slash at the end: `''` or `/fleet`. */
  readonly basePath: string;
  /** Of the cookie session that came with the request; null sends the browser to `/sign-in`. */
  signedIn(req: Request): SignedIn | null;
  /** As whoever sent the request may see it. */
  fleet(req: Request): FleetNow;
  /** Also of actions older than those in `fleet()`. */
  action(id: string, req: Request): Action | null;
  /** Single sign-on; null: passwords alone. */
  readonly signOn: SignOn | null;
  /** Asks the JSON API in the name of whoever sent the request, through the same gate. */
  api(req: Request, call: ApiCall): Promise<ApiAnswer>;
  /** Folder with `manifest.json`, as built; left out: `dist/web` in a folder above the running code. */
  readonly assetsFolder?: string;
}

/** A call of the JSON API: `path` below `/api/v1`, `csrf` as a form sent it back. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly csrf?: string;
  /** The version a change is meant for. */
  readonly ifMatch?: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** What it would set, as header values. */
  readonly cookies: readonly string[];
  /** The version of what it gives, where it has one. */
  readonly etag?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the contract says of the route that was asked
  readonly body: any;
}
