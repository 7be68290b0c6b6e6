import type { Problem } from '../fleet/problem.ts';
import { isNotWritten } from '../store/store-problem.ts';
import { PROBLEM_PAGES, type ProblemBody } from './contract.ts';

/** Every way the API says no: its stable slug, its status, its title. */
export const PROBLEMS = {
  'bad-request': [400, 'The request is not what this route takes'],
  'not-signed-in': [401, 'Sign in first'],
  'authorization-pending': [400, 'Nobody has let this command in yet'],
  'expired-code': [400, 'This code is over, or was used'],
  'access-denied': [403, 'Somebody turned this command away'],
  'code-needed': [401, 'The code of the second factor is needed too'],
  'wrong-sign-in': [401, 'This user and password do not fit together'],
  'not-allowed': [403, 'You may not do this'],
  'foreign-origin': [403, 'The request came from a page of another site, or without its token'],
  'key-used': [422, 'This idempotency key was used for another request'],
  'no-role': [403, 'You are known, but none of your groups may do anything here'],
  'name-taken': [403, 'Another account here has your name, and is not taken over'],
  'sign-in-again': [403, 'Sign in again first: this session is too old for it'],
  'own-request': [403, 'Who asked for it cannot be the second person'],
  'not-found': [404, 'There is nothing here'],
  'not-waiting': [409, 'This action waits for nobody (any more)'],
  'not-possible': [409, 'This cannot be done now'],
  'changed-meanwhile': [412, 'Somebody else changed it meanwhile'],
  'too-large': [413, 'The request is too large'],
  'not-json': [415, 'The request must be application/json'],
  'not-confirmed': [422, 'This needs a word of confirmation'],
  unusable: [422, 'Something in the request cannot be used'],
  'too-many-requests': [429, 'Too many tries: wait a little'],
  internal: [500, 'The hub failed here; its log says how'],
  'directory-unavailable': [503, 'The directory that knows your password cannot be asked now'],
  'not-audited': [503, 'The audit cannot be written now, so nothing is changed'],
  'not-stored': [503, 'The hub cannot write to its data folder now'],
  'host-away': [503, 'The host does not answer now'],
  'outcome-unknown': [504, 'It was sent, but nobody said what became of it'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ApiProblemKind = keyof typeof PROBLEMS;

/** Thrown by routes; becomes `application/problem+json` in one place. */
export class ApiProblem extends Error {
  readonly kind: ApiProblemKind;
  readonly problems: readonly Problem[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ApiProblemKind,
    more: { detail?: string; problems?: readonly Problem[]; retryAfterMs?: number } = {},
  ) {
    super(more.detail ?? '');
    this.name = 'ApiProblem';
    this.kind = kind;
    this.problems = more.problems;
    this.retryAfterMs = more.retryAfterMs;
  }

  /** `base`: where the hub is mounted; there is a page for each type. */
  body(base: string): ProblemBody {
    const [status, title] = PROBLEMS[this.kind];
    return {
      type: `${base}${PROBLEM_PAGES}/${this.kind}`,
      title,
      status,
      ...(this.message === '' ? {} : { detail: this.message }),
      ...(this.problems === undefined ? {} : { problems: this.problems }),
    };
  }
}

/** What Express and SQLite throw, in our words; null for anything else, which is a bug. */
export function asApiProblem(error: unknown): ApiProblem | null {
  if (error instanceof ApiProblem) return error;
  if (!(error instanceof Error)) return null;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') return new ApiProblem('too-large');
  if (
    typeof type === 'string' &&
    (type.startsWith('entity.') || type.startsWith('encoding.') || type.startsWith('charset.'))
  )
    return new ApiProblem('bad-request', { detail: 'the body is not JSON' });
  if (error instanceof URIError)
    return new ApiProblem('bad-request', { detail: 'the address is not well encoded' });
  return isNotWritten(error) ? new ApiProblem('not-stored') : null;
}
