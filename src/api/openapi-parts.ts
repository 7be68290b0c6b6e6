import type { RequestHeader } from './route.ts';

/** How whoever asks proves who they are. */
export const SECURITY_SCHEMES = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API token, from POST /tokens, POST /me/tokens or the console. For programs and the CLI.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'fleetvisor',
    description: 'The session of a page, from POST /session.',
  },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: 'x-csrf-token',
    description: 'With a session, on everything but GET: the `csrf` that POST and GET /session tell.',
  },
} as const;

/** What stands in the place of each name in a path. */
export const PATH_TEXTS: Readonly<Record<string, string>> = {
  id: 'Its id, as lists tell it.',
  host: 'The host’s name or id.',
  namespec: '`group:process`; `cron` is short for `cron:cron`. Percent-encoded.',
  session: 'Its id, as the list of sessions tells it.',
};

export const HEADER_TEXTS: Readonly<Record<RequestHeader, string>> = {
  'idempotency-key':
    'Up to 200 visible ASCII characters of your choice. The same key from the same person is the same action: send it again when an answer was lost.',
  'if-match':
    'The `etag` of what you read: when it changed meanwhile, nothing is done, and the answer is 412.',
  'last-event-id': 'The `id` of the last event you have; browsers send it by themselves.',
};

const seconds = { type: 'integer', minimum: 0 };

export const RESPONSE_HEADERS: Readonly<Record<number, Readonly<Record<string, unknown>>>> = {
  429: { 'retry-after': { description: 'Seconds to wait.', schema: seconds } },
};

export const IF_NONE_MATCH =
  'The `etag` of the answer you have: while nothing changed, the answer is 304 without a body.';

export const ETAG = {
  etag: { description: 'Of this version: for `if-none-match` and `if-match`.', schema: { type: 'string' } },
} as const;
