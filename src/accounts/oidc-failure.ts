import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';

export type OidcFailure =
  /** This browser did not begin this, or long ago, or used it already. */
  | { readonly kind: 'not-begun' }
  | { readonly kind: 'unreachable'; readonly says: string }
  /** The provider said no, in its words. */
  | { readonly kind: 'refused'; readonly says: string }
  /** What came back is not what an honest provider tells this hub. */
  | { readonly kind: 'untrue'; readonly says: string };

/** What went wrong at the provider; of its answers only the words that are meant for people. */
export function oidcFailure(error: unknown): OidcFailure {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError)
    return { kind: 'refused', says: wordsOf(error.error, error.error_description) };
  if (error instanceof WWWAuthenticateChallengeError)
    return { kind: 'refused', says: `it does not take the hub's own sign-in (${error.status})` };
  const inner = error instanceof ClientError ? (error.cause ?? error) : error;
  const code = codeOf(error) ?? codeOf(inner);
  if (isNetwork(error) || isNetwork(inner)) return { kind: 'unreachable', says: networkWords(error) };
  if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || code === 'OAUTH_RESPONSE_IS_NOT_JSON')
    return { kind: 'unreachable', says: 'what answers there is no provider of OpenID Connect' };
  return { kind: 'untrue', says: inner instanceof Error ? inner.message : String(inner) };
}

function wordsOf(error: string, description: string | undefined): string {
  return `${error}${description === undefined ? '' : `: ${description}`}`.slice(0, 300);
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** `fetch` tells a lost connection as a `TypeError`, and its end of patience by name. */
function isNetwork(error: unknown): boolean {
  return (
    (error instanceof TypeError && error.message === 'fetch failed') ||
    (error instanceof Error && /^(TimeoutError|AbortError)$/.test(error.name)) ||
    codeOf(error) === 'OAUTH_TIMEOUT' ||
    codeOf(error) === 'OAUTH_ABORT'
  );
}

function networkWords(error: unknown): string {
  let innermost = '';
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    innermost = at.message;
    const code = codeOf(at);
    if (code !== null && !code.startsWith('OAUTH_'))
      return `${code}${at.message === '' ? '' : `: ${at.message}`}`;
    if (/^(TimeoutError|AbortError)$/.test(at.name) || code === 'OAUTH_TIMEOUT') return 'it does not answer';
  }
  return innermost === '' ? 'the connection failed' : innermost;
}
