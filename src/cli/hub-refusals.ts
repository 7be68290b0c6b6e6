import type { ProblemBody } from '../api/contract.ts';
import type { HubLogin } from './credentials.ts';
import type { ExitName } from './exit-status.ts';
import { CliFailure } from './failure.ts';
import { record } from './private-file.ts';
import { oneLine } from './terminal-text.ts';

/** What the hub's refusals mean here, by HTTP status; every other one is `hubFailed`. */
const EXITS: Record<number, ExitName> = {
  400: 'usage',
  401: 'notSignedIn',
  403: 'notAllowed',
  404: 'nothing',
  409: 'failed',
  422: 'usage',
  504: 'unknown',
};

const MENDS: Record<number, (login: HubLogin, kind: string) => string> = {
  401: ({ hub, from, token }) =>
    token === null
      ? `Sign in with: fleetvisor login ${hub}`
      : `The token from ${from} is not taken (any more). Sign in with: fleetvisor login ${hub}`,
  404: () =>
    'Nothing of that name or id is shown to you. The lists: fleetvisor status, hosts, hosts join-tokens, users, tokens, actions, alerts, schedules.',
  403: (_login, kind) =>
    kind === 'not-allowed'
      ? 'Ask an administrator of the hub for the right, or sign in as somebody who has it.'
      : '',
};

/** A refused request in words, each problem with its place and hint. */
export function refusal(
  status: number,
  text: string,
  login: HubLogin,
  retryAfter?: string | undefined,
): CliFailure {
  const body = readProblem(text);
  if (body === null) {
    return new CliFailure(
      'hubUnreachable',
      `${login.hub} answers ${status}, but not as a Fleetvisor hub`,
      'Look at the URL.',
    );
  }
  const problems = (body.problems ?? []).map(
    ({ where, says, hint }) => `${where}: ${says}${hint === undefined ? '' : `. ${hint}`}`,
  );
  const says = [body.title, body.detail ?? '', ...problems].filter((part) => part !== '').map(oneLine);
  const selector = body.problems?.some(({ where }) => where.startsWith('selector')) ?? false;
  const kind = body.type.split('/').at(-1) ?? '';
  const byStatus = body.type.endsWith('/host-away') ? 'unreachable' : EXITS[status];
  const exit = selector ? 'badSelector' : (byStatus ?? 'hubFailed');
  return new CliFailure(exit, says.join('\n  '), mendOf({ status, kind }, login, retryAfter), kind);
}

function mendOf(
  { status, kind }: { readonly status: number; readonly kind: string },
  login: HubLogin,
  retryAfter: string | undefined,
): string {
  if (retryAfter !== undefined && /^\d+$/.test(retryAfter)) return `Try again in ${retryAfter} s.`;
  return MENDS[status]?.(login, kind) ?? '';
}

function readProblem(text: string): ProblemBody | null {
  try {
    const { type, title, status, detail, problems } = record(JSON.parse(text));
    if (typeof type !== 'string' || typeof title !== 'string' || typeof status !== 'number') return null;
    return {
      type,
      title,
      status,
      ...(typeof detail === 'string' ? { detail } : {}),
      ...(Array.isArray(problems) ? { problems: problems.flatMap(toProblem) } : {}),
    };
  } catch {
    return null; // not JSON: a proxy or another program answered
  }
}

function toProblem(value: unknown): NonNullable<ProblemBody['problems']>[number][] {
  const { where, says, hint } = record(value);
  if (typeof where !== 'string' || typeof says !== 'string') return [];
  return [{ where, says, ...(typeof hint === 'string' ? { hint } : {}) }];
}
