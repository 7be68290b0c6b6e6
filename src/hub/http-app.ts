import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { type ApiPorts, apiRouter } from '../api/api.ts';
import { API_ROOT } from '../api/contract.ts';
import type { HubConfig } from '../config.ts';
import { type InstallPorts, installRoutes } from '../install/install-routes.ts';
import { type PushPorts, pushRoute } from '../install/push-route.ts';
import { webPages } from '../web/pages.ts';
import type { WebPorts } from '../web/web-ports.ts';

export interface HttpPorts {
  readonly config: HubConfig;
  readonly api: ApiPorts;
  readonly web: WebPorts;
  readonly install: InstallPorts;
  readonly push: PushPorts;
  /** Prometheus, behind its own door. */
  readonly metrics: RequestHandler;
  readonly bug: (error: unknown) => void;
}

const SELF = ["'self'"];

/** Everything over HTTP but the sockets: health, what hosts fetch, the API, the pages, in this order. */
export function httpApp({ config, api, web, install, push, bug, metrics }: HttpPorts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustedProxies);
  app.set('query parser', 'simple');
  app.use(defences(config));
  app.get(`${config.basePath}/metrics`, metrics);
  app.get(`${config.basePath}/healthz`, (_req, res) => void res.json({ status: 'ok' }));
  app.use(config.basePath === '' ? '/' : config.basePath, installRoutes(install));
  app.use(`${config.basePath}${API_ROOT}`, pushRoute(push), apiRouter(api));
  app.use(config.basePath === '' ? '/' : config.basePath, webPages(web));
  app.use((_req, res) => void res.status(404).type('text/plain').send('There is nothing here.\n'));
  app.use(lastResort(bug));
  return app;
}

/** What every answer says to a browser: nothing from elsewhere, in no frame, no guessing. */
export function defences({ tls }: Pick<HubConfig, 'tls'>) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': SELF,
        'style-src': SELF,
        'font-src': SELF,
        'img-src': ["'self'", 'data:'],
        'connect-src': SELF,
        'form-action': SELF,
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: tls !== null,
  });
}

/** A page that failed is one answer of 500; nobody else notices. */
function lastResort(bug: (error: unknown) => void): express.ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    bug(error);
    if (res.headersSent) res.destroy();
    else res.status(500).type('text/plain').send('The hub failed here; its log says how.\n');
  };
}
