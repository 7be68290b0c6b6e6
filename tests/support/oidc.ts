import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { freePort, type Lifetime } from './supervisors.ts';

export const CLIENT = { id: 'fleet', secret: 'canary-of-the-client-secret' };

type Claims = Record<string, unknown>;

/** A provider of OpenID Connect on a port of its own: whoever presses its button is signed in there. */
export interface TestProvider {
  readonly issuer: string;
  /** Who signs in next, and what is told about them. */
  who: { sub: string; claims: Claims };
  /** Changes what its tokens say, as no honest provider would; they are signed anew. */
  tamper: ((claims: Claims) => Claims) | null;
  /** Signs with a key that it does not publish. */
  foreignKey: boolean;
  /** Client secrets that reached it. */
  readonly heard: string[];
  stop(): Promise<void>;
}

/** `redirectUris`: where it may send browsers back to, known once the hub listens. */
export async function startProvider(t: Lifetime, redirectUris: () => readonly string[], port?: number) {
  const at = port ?? (await freePort());
  const issuer = `http://localhost:${at}`;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const state: TestProvider = {
    issuer,
    who: { sub: 's-1', claims: { preferred_username: 'mei', groups: ['web-team'] } },
    tamper: null,
    foreignKey: false,
    heard: [],
    stop: async () => {},
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirectUris()],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key of the tests'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups', 'realm_access'], email: ['email'] },
    conformIdTokenClaims: true, // groups come from the user info endpoint, as with many a provider
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_ctx: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ ...state.who.claims, sub: accountId }),
    }),
    loadExistingGrant: async (ctx: Parameters<Parameters<Provider['use']>[0]>[0]) => {
      const grant = new provider.Grant({
        clientId: ctx.oidc.client?.clientId,
        accountId: ctx.oidc.session?.accountId,
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    ttl: { Session: 60, Interaction: 60, Grant: 60, AccessToken: 60, IdToken: 60, AuthorizationCode: 60 },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/token') resign(ctx, state, key);
  });
  const handle = provider.callback();
  const server = createServer((req, res) => {
    if (!req.url?.startsWith('/interaction/')) return handle(req, res);
    if (req.method !== 'POST')
      return void res
        .setHeader('content-type', 'text/html')
        .end(
          '<!doctype html><title>Provider</title><link rel="icon" href="data:,"><form method="post"><button>Sign in</button></form>',
        );
    void provider.interactionFinished(req, res, { login: { accountId: state.who.sub, remember: false } });
  });
  await new Promise<void>((done) => server.listen(at, 'localhost', done));
  let stopped = false;
  state.stop = async () => {
    if (stopped) return;
    stopped = true;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  t.onTestFinished(() => state.stop());
  return state;
}

function resign(ctx: { body: unknown }, { tamper, foreignKey }: TestProvider, own: KeyObject): void {
  const body = ctx.body as { id_token?: string } | undefined;
  if (body?.id_token === undefined || (tamper === null && !foreignKey)) return;
  const claims = JSON.parse(Buffer.from(body.id_token.split('.')[1] ?? '', 'base64url').toString());
  const key = foreignKey ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : own;
  ctx.body = { ...body, id_token: jwt(tamper?.(claims) ?? claims, key) };
}

function jwt(claims: Claims, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' }))).toString('base64url')}`;
}

/** A browser without a screen: follows redirects, keeps cookies by origin, presses the provider's button. */
export class Traveller {
  readonly #jar = new Map<string, Map<string, string>>();
  /** Every address it was sent to, in order. */
  readonly visited: string[] = [];

  /** Until an answer sends it nowhere; `stopAt`: before it asks there. */
  async go(
    address: string,
    stopAt?: (url: URL) => boolean,
  ): Promise<{ status: number; text: string; url: URL }> {
    let url = new URL(address);
    let method = 'GET';
    for (let step = 0; step < 20; step++) {
      if (stopAt?.(url) && step > 0) return { status: 0, text: '', url };
      this.visited.push(url.href);
      const res = await fetch(url, { method, redirect: 'manual', headers: { cookie: this.cookies(url) } });
      this.#keep(url, res);
      const text = await res.text();
      const location = res.headers.get('location');
      method = 'GET';
      if (location !== null) url = new URL(location, url);
      else if (url.pathname.startsWith('/interaction/')) method = 'POST';
      else return { status: res.status, text, url };
    }
    throw new Error(`sent round in circles: ${this.visited.slice(-4).join(' ')}`);
  }

  cookies({ origin }: URL): string {
    return [...(this.#jar.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  put({ origin }: URL, name: string, value: string): void {
    const jar = this.#jar.get(origin) ?? new Map<string, string>();
    this.#jar.set(origin, jar.set(name, value));
  }

  #keep(url: URL, res: Response): void {
    for (const line of res.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line))
        this.#jar.get(url.origin)?.delete(name);
      else this.put(url, name, value);
    }
  }
}
