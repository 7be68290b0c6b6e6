import { z } from 'zod';
import type { Accounts } from '../../accounts/accounts.ts';
import { type People, SESSION_ID_LENGTH } from '../../accounts/people.ts';
import { rightsOf } from '../../accounts/rights.ts';
import { sessionCookie } from '../../accounts/session-cookie.ts';
import { secretHash } from '../../store/secret.ts';
import type { Me, RecoveryCodes } from '../contract.ts';
import * as schemas from '../people-schemas.ts';
import * as shapes from '../people-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { did, sessionOf, viewOf } from './people.ts';
import { browserOf, giveToken, presentPerson, refused, SIGN_IN_PROBLEMS, schemeOf } from './session.ts';

export interface OwnPorts {
  readonly accounts: Accounts;
  readonly people: People;
  readonly sessionLongestMs: number;
}

/** A session this young stands for its owner where there is no password to ask for. */
const FRESH_MS = 15 * 60_000;

/** What everybody may do about themselves; what would help a thief of the session asks for the password again. */
export function ownRoutes(ports: OwnPorts): Route[] {
  const { people } = ports;
  return [
    guardedRoute({
      method: 'get',
      path: '/me',
      right: 'see-fleet',
      says: 'Tells who asks, and what they may.',
      answers: { 200: shapes.me },
      run({ res, visitor: { person } }) {
        const user = people.byId(person.userId);
        if (user === null) throw new ApiProblem('not-found');
        const recoveryCodes = user.secondFactor?.recoveryHashes.length ?? 0;
        res.json({ ...viewOf(user), rights: rightsOf(person), recoveryCodes } satisfies Me);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/me/sessions',
      right: 'manage-own-tokens',
      says: 'Lists the asker’s own sessions.',
      answers: { 200: z.array(shapes.sessionView) },
      run({ res, visitor, proof }) {
        const own = proof.kind === 'cookie' ? secretHash(proof.value) : '';
        res.json(people.sessions(visitor.person.userId).map((row) => sessionOf(row, own)));
      },
    }),
    guardedRoute({
      method: 'delete',
      path: '/me/sessions/:session',
      right: 'manage-own-tokens',
      says: 'Ends one of the asker’s own sessions.',
      answers: { 204: 'nothing' },
      run({ req, res, visitor }) {
        const id = String(req.params.session).slice(0, SESSION_ID_LENGTH);
        if (!people.endSession(visitor.person.userId, id)) throw new ApiProblem('not-found');
        res.status(204).end();
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/me/tokens',
      right: 'manage-own-tokens',
      says: 'Makes a token for the asker, shown this once.',
      more: 'Takes the password once more; who has none here must have signed in within the last 15 minutes.',
      body: schemas.ownToken,
      answers: { 201: shapes.newTokenMade },
      problems: [...SIGN_IN_PROBLEMS, 'sign-in-again'],
      run: (call) => makeToken(call, ports),
    }),
    guardedRoute({
      method: 'post',
      path: '/me/password',
      right: 'manage-own-tokens',
      says: 'Changes the asker’s password and ends all their sessions; a page gets a new one.',
      body: schemas.passwordChange,
      answers: { 200: shapes.signedIn },
      problems: SIGN_IN_PROBLEMS,
      run: (call) => changePassword(call, ports),
    }),
    guardedRoute({
      method: 'post',
      path: '/me/second-factor',
      right: 'manage-own-tokens',
      says: 'Proposes a secret for a second factor; nothing is changed before it is confirmed.',
      body: schemas.onlyPassword,
      answers: { 200: shapes.secondFactorProposal },
      problems: SIGN_IN_PROBLEMS,
      async run(call) {
        await prove(call.body, call, ports);
        call.res.json(people.proposeSecondFactor(call.visitor.person.userId, call.visitor.person.name));
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/me/second-factor/confirm',
      right: 'manage-own-tokens',
      says: 'Turns the second factor on, proven by a code of the app, and gives the recovery codes.',
      body: schemas.confirmFactor,
      answers: { 200: shapes.recoveryCodes },
      problems: ['unusable'],
      run({ res, visitor, body: { secret, code } }) {
        if (people.byId(visitor.person.userId)?.secondFactor !== null)
          throw new ApiProblem('unusable', { detail: 'there is one already: drop that first' });
        const recoveryCodes = did(people.confirmSecondFactor(visitor.person.userId, secret, code));
        res.json({ recoveryCodes } satisfies RecoveryCodes);
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/me/second-factor/drop',
      right: 'manage-own-tokens',
      says: 'Turns the second factor off.',
      body: schemas.dropFactor,
      answers: { 204: 'nothing' },
      problems: SIGN_IN_PROBLEMS,
      async run(call) {
        await prove(call.body, call, ports);
        people.dropSecondFactor(call.visitor.person.userId);
        call.res.status(204).end();
      },
    }),
  ];
}

async function makeToken(
  call: Call<undefined, z.output<typeof schemas.ownToken>>,
  ports: OwnPorts,
): Promise<void> {
  const { password: _password, code: _code, ...wish } = call.body;
  await mustProve(call, ports.accounts);
  giveToken(call, ports.accounts, call.visitor.person, wish);
}

/** What a thief of the session could not send: the password, or a session that was just opened by another door. */
export async function mustProve(
  call: Call<undefined, { readonly password?: string | undefined; readonly code?: string | undefined }>,
  accounts: Accounts,
): Promise<void> {
  const { visitor, proof, body } = call;
  if (!accounts.hasPassword(visitor.person.userId)) {
    if ((accounts.signedInForMs(proof) ?? Number.POSITIVE_INFINITY) > FRESH_MS)
      throw new ApiProblem('sign-in-again');
    return;
  }
  if (body.password === undefined)
    throw new ApiProblem('unusable', { problems: [{ where: 'password', says: 'is needed once more' }] });
  await prove({ password: body.password, code: body.code }, call, { accounts });
}

/** All sessions end, this one too; the answer opens a new one for a page. */
async function changePassword(
  call: Call<undefined, z.output<typeof schemas.passwordChange>>,
  ports: OwnPorts,
): Promise<void> {
  const { req, res, visitor, body } = call;
  await prove(body, call, ports);
  did(await ports.people.changePassword(visitor.person.userId, body.newPassword));
  if (visitor.by === 'token') {
    res.json(presentPerson(visitor.person, ''));
    return;
  }
  const agent = req.headers['user-agent'] ?? '';
  const opened = ports.accounts.openSession(visitor.person, req.ip ?? '', agent);
  res.append('set-cookie', sessionCookie(opened.cookie, schemeOf(req), ports.sessionLongestMs));
  res.json(presentPerson(visitor.person, opened.csrf));
}

async function prove(
  { password, code }: { readonly password: string; readonly code?: string | undefined },
  { req, visitor }: Call,
  { accounts }: Pick<OwnPorts, 'accounts'>,
): Promise<void> {
  const proven = await accounts.prove(visitor.person.name, password, req.ip ?? '', {
    code,
    browser: browserOf(req, accounts),
  });
  if ('kind' in proven) throw refused(proven);
}
