import type { Accounts } from '../../accounts/accounts.ts';
import { type People, SESSION_ID_LENGTH } from '../../accounts/people.ts';
import { sessionCookie } from '../../accounts/session-cookie.ts';
import { secretHash } from '../../store/secret.ts';
import type { RecoveryCodes, SignedIn } from '../contract.ts';
import * as schemas from '../people-schemas.ts';
import { ApiProblem } from '../problems.ts';
import type { Call, Route } from '../route.ts';
import { read } from '../schemas.ts';
import { did, sessionOf } from './people.ts';
import { giveToken, refused, schemeOf } from './session.ts';

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
    {
      method: 'get',
      path: '/me/sessions',
      right: 'manage-own-tokens',
      run({ res, visitor, proof }) {
        const own = proof.kind === 'cookie' ? secretHash(proof.value) : '';
        res.json(people.sessions(visitor.person.userId).map((row) => sessionOf(row, own)));
      },
    },
    {
      method: 'delete',
      path: '/me/sessions/:session',
      right: 'manage-own-tokens',
      run({ req, res, visitor }) {
        const id = String(req.params.session).slice(0, SESSION_ID_LENGTH);
        if (!people.endSession(visitor.person.userId, id)) throw new ApiProblem('not-found');
        res.status(204).end();
      },
    },
    {
      method: 'post',
      path: '/me/tokens',
      right: 'manage-own-tokens',
      says: 'Makes a token for the asker, shown this once.',
      body: schemas.ownToken,
      answers: { 201: schemas.newTokenView },
      run: (call) => makeToken(call, ports),
    },
    {
      method: 'post',
      path: '/me/password',
      right: 'manage-own-tokens',
      run: (call) => changePassword(call, ports),
    },
    {
      method: 'post',
      path: '/me/second-factor',
      right: 'manage-own-tokens',
      async run(call) {
        const { password, code } = read(schemas.onlyPassword, call.req.body);
        await prove(password, code, call, ports);
        call.res.json(people.proposeSecondFactor(call.visitor.person.name));
      },
    },
    {
      method: 'post',
      path: '/me/second-factor/confirm',
      right: 'manage-own-tokens',
      run({ req, res, visitor }) {
        const { secret, code } = read(schemas.confirmFactor, req.body);
        if (people.byId(visitor.person.userId)?.secondFactor !== null)
          throw new ApiProblem('unusable', { detail: 'there is one already: drop that first' });
        const recoveryCodes = did(people.confirmSecondFactor(visitor.person.userId, secret, code));
        res.json({ recoveryCodes } satisfies RecoveryCodes);
      },
    },
    {
      method: 'post',
      path: '/me/second-factor/drop',
      right: 'manage-own-tokens',
      async run(call) {
        const { password, code } = read(schemas.dropFactor, call.req.body);
        await prove(password, code, call, ports);
        people.dropSecondFactor(call.visitor.person.userId);
        call.res.status(204).end();
      },
    },
  ];
}

/** The password once more, or, where there is none here, a session that was just opened. */
async function makeToken(call: Call, ports: OwnPorts): Promise<void> {
  const { password, code, ...wish } = read(schemas.ownToken, call.req.body);
  const { visitor, proof } = call;
  if (ports.accounts.hasPassword(visitor.person.userId)) {
    if (password === undefined)
      throw new ApiProblem('unusable', { problems: [{ where: 'password', says: 'is needed once more' }] });
    await prove(password, code, call, ports);
  } else if ((ports.accounts.signedInForMs(proof) ?? Number.POSITIVE_INFINITY) > FRESH_MS)
    throw new ApiProblem('sign-in-again');
  giveToken(call, ports.accounts, visitor.person, wish);
}

/** All sessions end, this one too; the answer opens a new one for a page. */
async function changePassword(call: Call, ports: OwnPorts): Promise<void> {
  const { password, newPassword, code } = read(schemas.passwordChange, call.req.body);
  await prove(password, code, call, ports);
  const { req, res, visitor } = call;
  did(await ports.people.changePassword(visitor.person.userId, newPassword));
  const { name: user, role } = visitor.person;
  if (visitor.by === 'token') {
    res.json({ user, role, csrf: '' } satisfies SignedIn);
    return;
  }
  const agent = req.headers['user-agent'] ?? '';
  const opened = ports.accounts.openSession(visitor.person, req.ip ?? '', agent);
  res.append('set-cookie', sessionCookie(opened.cookie, schemeOf(req), ports.sessionLongestMs));
  res.json({ user, role, csrf: opened.csrf } satisfies SignedIn);
}

async function prove(
  password: string,
  code: string | undefined,
  { req, visitor }: Call,
  { accounts }: OwnPorts,
): Promise<void> {
  const proven = await accounts.prove(visitor.person.name, password, req.ip ?? '', code);
  if ('kind' in proven) throw refused(proven);
}
