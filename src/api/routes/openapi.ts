import { createHash } from 'node:crypto';
import manifest from '../../../package.json' with { type: 'json' };
import { openApi } from '../openapi.ts';
import { openRoute, type Route } from '../route.ts';

/** The description of all routes, for programs. Open to anyone: it is the same for everybody and holds no secrets. */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let told: { readonly text: string; readonly etag: string } | null = null;
  return openRoute({
    method: 'get',
    path: '/openapi.json',
    right: 'anyone',
    says: 'Describes this API as OpenAPI 3.1; open to anyone.',
    answers: { 200: 'application/json' },
    run({ req, res }) {
      told ??= describe(routes(), req.baseUrl);
      res.set({ etag: told.etag, 'cache-control': 'no-cache' });
      if (req.fresh) res.status(304).end();
      else res.type('application/json').send(told.text);
    },
  });
}

function describe(routes: readonly Route[], server: string): { text: string; etag: string } {
  const text = JSON.stringify(openApi(routes, manifest.version, server));
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
