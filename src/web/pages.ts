import { type Request, type Response, Router } from 'express';
import type { Action, Fleet, SignedIn } from '../api/contract.ts';
import type { Clock } from '../clock.ts';
import type { LatelyEvent } from '../live/contract.ts';

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
 * | sign in                     | `/sign-in?next=`                                                 |
 *
 * `LatelyEvent.link` is one of these, without `basePath`.
 */
export interface WebPorts {
  readonly clock: Clock;
  /** Where the console is mounted, without a slash at the end: `''` or `/fleet`. */
  readonly basePath: string;
  /** Of the cookie session that came with the request; null sends the browser to `/sign-in`. */
  signedIn(req: Request): SignedIn | null;
  fleet(): FleetNow;
  /** Also of actions older than those in `fleet()`. */
  action(id: string): Action | null;
  /** Folder with `manifest.json`, as built; left out: `dist/web` next to the running code. */
  readonly assetsFolder?: string;
}

/** The same that `/live` sends as its first message. */
export type FleetNow = Fleet & {
  readonly seq: number;
  /** Newest first. */
  readonly lately: readonly LatelyEvent[];
  /** Running ones and the latest finished, newest first. */
  readonly actions: readonly Action[];
};

/** Strict on purpose: no inline script, no inline style, nothing from elsewhere. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Every page of the console and `/static/…`. Mount it after the API, at `basePath`. */
export function webPages(ports: WebPorts): Router {
  const router = Router();
  router.use((_req: Request, res: Response) => {
    res.set('content-security-policy', CONTENT_SECURITY_POLICY);
    res
      .status(503)
      .type('text/plain')
      .send(`${ports.fleet().processes.length} processes; pages are not built yet`);
  });
  return router;
}
