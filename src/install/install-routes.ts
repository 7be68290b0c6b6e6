import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RequestHandler, type Response, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { askedAddress } from './asked-address.ts';
import { agentBundle } from './bundle.ts';

export interface InstallPorts {
  /** What the build left for hosts. */
  readonly folder: string;
  readonly basePath: string;
}

const ASKED_PER_MINUTE = 120;
const NOT_BUILT = 'This hub was built without the agent: run "npm run build" there.\n';
const NO_SUCH_BUNDLE =
  'This is not the bundle of this hub now: it was updated, so run the install line again.\n';

/**
 * `GET /install`, and what the script and the listener's reader fetch below it. Open to anyone: nothing of it is
 * secret, and a host that is to join has no login. Read from the disk at each request, so that a new build counts.
 */
export function installRoutes({ folder, basePath }: InstallPorts): Router {
  const router = Router({ caseSensitive: true });
  const calmly = limited();
  router.get('/install', calmly, (req, res) => {
    const address = askedAddress(req, basePath);
    if (agentBundle(folder) === null) return plain(res, 503, NOT_BUILT);
    if (address === null) return plain(res, 400, 'The Host header is no address.\n');
    const script = readFileSync(join(folder, 'install.sh'), 'utf8').replaceAll('@HUB_URL@', address);
    res.type('text/x-shellscript').set('cache-control', 'no-store').send(script);
  });
  router.get('/install/fleetvisor-listener.py', calmly, (_req, res) => {
    if (agentBundle(folder) === null) return plain(res, 503, NOT_BUILT);
    const script = readFileSync(join(folder, 'fleetvisor-listener.py'), 'utf8');
    res.type('text/x-python').set('cache-control', 'no-store').send(script);
  });
  router.get('/install/:file', calmly, (req, res) => {
    const bundle = agentBundle(folder);
    if (bundle === null || req.params.file !== bundle.file) return plain(res, 404, NO_SUCH_BUNDLE);
    res.type('application/gzip').sendFile(bundle.file, { root: folder, maxAge: '1y', immutable: true });
  });
  return router;
}

function plain(res: Response, status: number, says: string): void {
  res.status(status).type('text/plain').send(says);
}

function limited(): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: ASKED_PER_MINUTE,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    message: 'Too many requests: wait a minute.\n',
  });
}
