import { API_ROOT, type ProblemBody } from '../../api/contract.ts';
import { problemWords as inWords, problemIn } from '../view/problem-words.ts';
import { toSignIn } from './live.ts';
import { root, say } from './page-root.ts';

export type Answer<T> =
  /** With its version, where it has one: to be sent back as `ifMatch` with a change. */
  | { readonly ok: true; readonly value: T; readonly etag: string | null }
  | { readonly ok: false; readonly problem: ProblemBody };

/** One call of the JSON API. Never throws: what went wrong comes back in words. */
export async function call<T>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  ifMatch: string | null = null,
): Promise<Answer<T>> {
  try {
    const response = await fetch(`${root.base}${API_ROOT}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'x-csrf-token': root.csrf,
        ...(ifMatch === null ? {} : { 'if-match': ifMatch }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 401) void toSignIn('');
    const text = await response.text();
    const value = text === '' ? null : JSON.parse(text);
    return response.ok || response.status === 207
      ? { ok: true, value, etag: response.headers.get('etag') }
      : { ok: false, problem: problemIn(value, root.language) };
  } catch {
    return {
      ok: false,
      problem: {
        type: 'about:blank',
        status: 0,
        title: say('problem.down'),
        detail: say('problem.downMend'),
      },
    };
  }
}

/** Whether somebody else changed it since the version that was sent along. */
export const isConflict = (problem: ProblemBody): boolean => problem.type.endsWith('/changed-meanwhile');

/** The cause, then the mend, each a sentence. */
export const problemWords = (problem: ProblemBody): { readonly cause: string; readonly mend: string } =>
  inWords(problem, root.language);
