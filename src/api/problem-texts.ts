import type { ApiProblemKind } from './problems.ts';

/** What each problem means, and how it is mended, for whoever follows its `type`. */
export const PROBLEM_TEXTS: Readonly<
  Record<ApiProblemKind, { readonly means: string; readonly mend: string }>
> = {
  'bad-request': {
    means: 'The query, the body or a header is not what this route reads: `problems` names each place.',
    mend: 'Compare what you send with the parameters and the body of the route in the reference.',
  },
  'not-signed-in': {
    means:
      'There is no session and no token with the request, or it is over, revoked, or its owner disabled.',
    mend: 'Sign in with POST /session, or send `authorization: Bearer TOKEN` with a token that is good.',
  },
  'code-needed': {
    means: 'The password fits, and this account has a second factor.',
    mend: 'Send the same again with `code`: six digits of the authenticator app, or a recovery code.',
  },
  'authorization-pending': {
    means: 'The code was not typed in the console yet, or not confirmed.',
    mend: 'Ask again after `intervalMs`, until it is, or until the code is over.',
  },
  'expired-code': {
    means:
      'Ten minutes have gone by, the hub was restarted, the token was handed over, or there never was such a code.',
    mend: 'Begin again with POST /device.',
  },
  'access-denied': {
    means: 'Whoever typed the code in the console did not let the command in.',
    mend: 'Begin again if that was a mistake; else ask them why.',
  },
  'wrong-sign-in': {
    means: 'The user, the password or the code is wrong; which of them is not told.',
    mend: 'Try again; an administrator can give a new password.',
  },
  'no-role': {
    means: 'The provider or directory vouches for you, but none of your groups is given a role here.',
    mend: 'Ask an administrator to name one of your groups in the file of group roles.',
  },
  'name-taken': {
    means: 'An account of that name signs in another way, and is not taken over.',
    mend: 'Ask an administrator to let that account sign in by the directory, or to rename it.',
  },
  'not-allowed': {
    means:
      'Whoever you are signed in as, or the limit of the token, does not give the right this route takes.',
    mend: 'Ask an administrator for a grant, or make a token with a wider limit. docs/permissions.md lists every right.',
  },
  'foreign-origin': {
    means:
      'A change came with a session cookie, but from a page of another site or without its `x-csrf-token`.',
    mend: 'Send the `csrf` of GET /session as `x-csrf-token`; programs use a token instead of a cookie. A proxy must pass on the whole Host header, with its port.',
  },
  'key-used': {
    means: 'The same person used this idempotency key for a request that was not the same.',
    mend: 'Take a fresh key for each new action; send an old one only with exactly the same body.',
  },
  'sign-in-again': {
    means: 'What you ask for needs a session that was opened within the last 15 minutes.',
    mend: 'Sign out, sign in, and ask again.',
  },
  'own-request': {
    means: 'The environment takes a second person, and you asked for this action yourself.',
    mend: 'Ask somebody else who may do all of it to approve.',
  },
  'not-found': {
    means: 'There is no such route or thing, or you may not see it: the two are not told apart.',
    mend: 'Look at the address, and at what the list of its kind shows you.',
  },
  'not-waiting': {
    means:
      'The action was approved, declined, cancelled or expired already, or never needed a second person.',
    mend: 'Look at its `approval` with GET /actions/{id}.',
  },
  'not-possible': {
    means: 'What is asked for fits the request, but not the state things are in: `detail` says why.',
    mend: 'Change that state first, or ask for something else.',
  },
  'host-away': {
    means: 'The host cannot be reached, so nothing was done there.',
    mend: 'Look at its `reachability` with GET /hosts: it tells the cause and the mend. Then ask again.',
  },
  'outcome-unknown': {
    means: 'It was sent to the host, and the answer did not come.',
    mend: 'Look at what became of it before you send it again.',
  },
  'changed-meanwhile': {
    means: 'What you wanted to change is not any more what your `if-match` names: nothing was changed.',
    mend: 'Read it again, see what is different, and send the change with the new `etag`.',
  },
  'too-large': {
    means: 'The body is larger than this route takes: 2 MB for most.',
    mend: 'Send less at once; a selector says more than a list of targets.',
  },
  'not-json': {
    means: 'The body has another content type.',
    mend: 'Send `content-type: application/json`.',
  },
  'not-confirmed': {
    means: 'The action touches an environment that asks for its name to be typed.',
    mend: 'Show the plan, and send its `confirm` back as `confirm`.',
  },
  unusable: {
    means: 'It is well formed, but does not make sense here: `problems` says what, where and how to mend it.',
    mend: 'Follow the `hint` of each problem.',
  },
  'too-many-requests': {
    means: 'Too many tries or too much work within a little while, from this address or this person.',
    mend: 'Wait as long as `retry-after` says. `ratelimit` tells how much is left before it comes to that.',
  },
  internal: {
    means: 'A fault of the hub. Its log has the stack.',
    mend: 'Report it with that part of the log. What was asked for may or may not have been done: look.',
  },
  'directory-unavailable': {
    means: 'Your account is in a directory, and it did not answer.',
    mend: 'Try again in a moment; administrators see why with `fleetvisor hub doctor`.',
  },
  'not-audited': {
    means: 'Every change is written into the audit first, and that cannot be done now. Nothing was changed.',
    mend: 'Look at the disk of the hub; `fleetvisor hub doctor` says more.',
  },
  'not-stored': {
    means: 'The data folder of the hub is full or cannot be written.',
    mend: 'Make room, or mend its permissions; `fleetvisor hub doctor` says more.',
  },
};
