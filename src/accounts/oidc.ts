import * as client from 'openid-client';
import type { Clock } from '../clock.ts';
import type { Seal } from '../store/seal.ts';
import type { Vouched } from './federation.ts';
import { type OidcFailure, oidcFailure } from './oidc-failure.ts';

export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly scopes: string;
  readonly groupClaim: string;
  readonly nameClaim: string;
}

/** What a browser keeps between leaving for the provider and coming back: sealed, for ten minutes, good once. */
interface Errand {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly next: string;
  readonly expiresAtMs: number;
}

export type Begun = { readonly kind: 'begun'; readonly url: string; readonly errand: string } | OidcFailure;
export type Returned =
  | { readonly kind: 'vouched'; readonly vouched: Vouched; readonly next: string }
  | OidcFailure;

export const ERRAND_MS = 10 * 60_000;
const TIMEOUT_S = 5;
const MOST_USED = 10_000;
const KNOWN_FOR_MS = 3_600_000;

/**
 * Single sign-on by OpenID Connect: the authorization code flow with PKCE, state and nonce; the signature of what
 * the provider tells is checked. Never throws: what goes wrong at the provider comes back as a failure with words.
 */
export class Oidc {
  readonly #options: OidcOptions;
  readonly #seal: Seal;
  readonly #clock: Clock;
  readonly #used = new Map<string, number>();
  #known: { readonly provider: Promise<client.Configuration>; readonly atMs: number } | null = null;

  constructor(options: OidcOptions, seal: Seal, clock: Clock) {
    this.#options = options;
    this.#seal = seal;
    this.#clock = clock;
  }

  /** Where to send the browser, and what it has to bring back. `next`: where it goes afterwards. */
  async begin(redirectUri: string, next: string): Promise<Begun> {
    try {
      const provider = await this.#provider();
      const verifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const nonce = client.randomNonce();
      const url = client.buildAuthorizationUrl(provider, {
        redirect_uri: redirectUri,
        scope: this.#options.scopes,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const expiresAtMs = this.#clock.wallMs() + ERRAND_MS;
      const errand: Errand = { state, nonce, verifier, redirectUri, next, expiresAtMs };
      return { kind: 'begun', url: url.href, errand: this.#seal.seal(JSON.stringify(errand), SEALED_FOR) };
    } catch (error) {
      return oidcFailure(error);
    }
  }

  /** Who came back. `query` is what the provider sent along, `errand` what this browser kept. */
  async finish(query: URLSearchParams, errand: string | null): Promise<Returned> {
    const begun = this.#opened(errand);
    if (begun === null || begun.state !== query.get('state') || this.#isUsed(begun))
      return { kind: 'not-begun' };
    try {
      const provider = await this.#provider();
      const address = new URL(begun.redirectUri);
      address.search = query.toString();
      const tokens = await client.authorizationCodeGrant(provider, address, {
        pkceCodeVerifier: begun.verifier,
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      });
      const told = tokens.claims();
      if (told === undefined) return { kind: 'untrue', says: 'it tells nothing about who signed in' };
      const claims = await this.#withUserInfo(provider, tokens.access_token, told);
      return { kind: 'vouched', vouched: this.#vouched(told.sub, claims), next: begun.next };
    } catch (error) {
      return oidcFailure(error);
    }
  }

  /** Providers tell groups in the token, or only when asked for more. */
  async #withUserInfo(
    provider: client.Configuration,
    accessToken: string,
    told: client.IDToken,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { groupClaim, nameClaim } = this.#options;
    const isAll = claimIn(told, groupClaim) !== undefined && claimIn(told, nameClaim) !== undefined;
    if (isAll || provider.serverMetadata().userinfo_endpoint === undefined) return told;
    return { ...(await client.fetchUserInfo(provider, accessToken, told.sub)), ...told };
  }

  #vouched(sub: string, claims: Readonly<Record<string, unknown>>): Vouched {
    const { issuer, groupClaim, nameClaim } = this.#options;
    const name = claimIn(claims, nameClaim);
    const groups = claimIn(claims, groupClaim);
    return {
      source: 'oidc',
      subject: `${issuer} ${sub}`,
      name: typeof name === 'string' ? name : sub,
      groups: (Array.isArray(groups) ? groups : [groups]).filter((group) => typeof group === 'string'),
    };
  }

  /** Asked for again every hour, and after every failure. */
  #provider(): Promise<client.Configuration> {
    const nowMs = this.#clock.uptimeMs();
    if (this.#known !== null && nowMs - this.#known.atMs < KNOWN_FOR_MS) return this.#known.provider;
    const provider = this.#discover();
    this.#known = { provider, atMs: nowMs };
    provider.catch(() => {
      this.#known = null;
    });
    return provider;
  }

  #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options;
    const local = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
    return client.discovery(
      new URL(issuer),
      clientId,
      clientSecret === null ? {} : { client_secret: clientSecret },
      clientSecret === null ? client.None() : undefined,
      { timeout: TIMEOUT_S, execute: [client.enableNonRepudiationChecks, ...local] },
    );
  }

  #opened(errand: string | null): Errand | null {
    const text = errand === null ? null : this.#seal.open(errand, SEALED_FOR);
    if (text === null) return null;
    const opened: Errand = JSON.parse(text); // sealed by this hub
    return opened.expiresAtMs < this.#clock.wallMs() ? null : opened;
  }

  /** Each errand is good once, also for somebody who kept a copy of the cookie. */
  #isUsed({ state, expiresAtMs }: Errand): boolean {
    const nowMs = this.#clock.wallMs();
    for (const [known, endsAtMs] of this.#used) {
      if (endsAtMs >= nowMs && this.#used.size < MOST_USED) break;
      this.#used.delete(known);
    }
    const used = this.#used.has(state);
    this.#used.set(state, expiresAtMs);
    return used;
  }
}

const SEALED_FOR = 'sign-in errand';

/** A claim by its whole name, or led to by its dots. */
function claimIn(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  const [first = '', ...rest] = name.split('.');
  const inner = Object.hasOwn(claims, first) ? claims[first] : undefined;
  if (rest.length === 0 || typeof inner !== 'object' || inner === null) return undefined;
  return claimIn(Object.fromEntries(Object.entries(inner)), rest.join('.'));
}
