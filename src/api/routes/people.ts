import { z } from 'zod';
import type { Accounts } from '../../accounts/accounts.ts';
import { type Done, type People, SESSION_ID_LENGTH } from '../../accounts/people.ts';
import { type Grant, hasAll, mayI } from '../../accounts/rights.ts';
import type { SessionRow } from '../../store/sessions.ts';
import type { UserRow } from '../../store/users.ts';
import { note } from '../audited.ts';
import type { SessionView, TokenView, UserMade, UserView } from '../contract.ts';
import * as schemas from '../people-schemas.ts';
import * as shapes from '../people-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { etagOf, mustBeCurrent } from '../versions.ts';

export interface PeoplePorts {
  readonly accounts: Accounts;
  readonly people: People;
}

/** What administrators do about people, and what anybody does about their own tokens. */
export function peopleRoutes(ports: PeoplePorts): Route[] {
  const { people } = ports;
  return [
    guardedRoute({
      method: 'get',
      path: '/users',
      right: 'manage-people',
      says: 'Lists the people who may sign in.',
      answers: { 200: z.array(shapes.userView) },
      run: ({ res }) => void res.json(people.all().map(viewOf)),
    }),
    guardedRoute({
      method: 'get',
      path: '/users/:id',
      right: 'manage-people',
      says: 'Gives one user; send its `etag` as `if-match` with a change.',
      answers: { 200: shapes.userView },
      run: (call) => sendUser(call, asked(call, ports)),
    }),
    guardedRoute({
      method: 'post',
      path: '/users',
      right: 'manage-people',
      says: 'Adds somebody; the hub makes a password when none is given.',
      body: schemas.newUser,
      answers: { 201: shapes.userMade },
      problems: ['unusable'],
      run: (call) => add(call, ports),
    }),
    guardedRoute({
      method: 'patch',
      path: '/users/:id',
      right: 'manage-people',
      says: 'Changes what somebody may, or disables them at once.',
      body: schemas.userPatch,
      headers: ['if-match'],
      answers: { 200: shapes.userView },
      problems: ['unusable'],
      run: (call) => change(call, ports),
    }),
    guardedRoute({
      method: 'post',
      path: '/users/:id/password',
      right: 'manage-people',
      says: 'Gives somebody a new password and ends their sessions.',
      answers: { 200: shapes.userMade },
      problems: ['unusable'],
      async run(call) {
        const user = within(call, ports);
        note(call.req, { target: user.name });
        const password = did(await people.resetPassword(user));
        call.res.json({ user: viewOf(user), password } satisfies UserMade);
      },
    }),
    guardedRoute({
      method: 'delete',
      path: '/users/:id/second-factor',
      right: 'manage-people',
      says: 'Turns off the second factor of somebody who lost it.',
      answers: { 204: 'nothing' },
      run(call) {
        const user = within(call, ports);
        people.dropSecondFactor(user.id);
        note(call.req, { target: user.name });
        call.res.status(204).end();
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/users/:id/sessions',
      right: 'manage-people',
      says: 'Lists somebody’s sessions.',
      answers: { 200: z.array(shapes.sessionView) },
      run: (call) =>
        void call.res.json(people.sessions(asked(call, ports).id).map((row) => sessionOf(row, ''))),
    }),
    guardedRoute({
      method: 'delete',
      path: '/users/:id/sessions/:session',
      right: 'manage-people',
      says: 'Ends one of somebody’s sessions.',
      answers: { 204: 'nothing' },
      run(call) {
        const user = within(call, ports);
        if (!people.endSession(user.id, String(call.req.params.session))) throw new ApiProblem('not-found');
        note(call.req, { target: user.name });
        call.res.status(204).end();
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/tokens',
      right: 'manage-own-tokens',
      says: 'Lists the asker’s tokens, or with `all=1` everybody’s.',
      query: schemas.tokensQuery,
      answers: { 200: z.array(shapes.tokenView) },
      run: (call) => listTokens(call, call.query, ports),
    }),
    guardedRoute({
      method: 'delete',
      path: '/tokens/:id',
      right: 'manage-own-tokens',
      says: 'Ends a token at once.',
      answers: { 204: 'nothing' },
      run(call) {
        const token = people.token(String(call.req.params.id));
        const { person } = call.visitor;
        if (token === null || (token.userId !== person.userId && !mayI(person, 'manage-people')))
          throw new ApiProblem('not-found');
        people.endToken(token.id);
        note(call.req, { before: { id: token.id, label: token.label, limit: token.limit } });
        call.res.status(204).end();
      },
    }),
  ];
}

async function add(
  call: Call<undefined, z.output<typeof schemas.newUser>>,
  { people }: PeoplePorts,
): Promise<void> {
  const { req, res, body: wish } = call;
  mustHave(call, wish.grants);
  const { id, password } = did(await people.add(wish));
  const user = people.byId(id);
  if (user === null) throw new ApiProblem('not-found');
  note(req, { target: wish.name, after: viewOf(user) });
  res.status(201).json({ user: viewOf(user), password } satisfies UserMade);
}

function change(call: Call<undefined, z.output<typeof schemas.userPatch>>, ports: PeoplePorts): void {
  const { grants, disabled, signsInBy } = call.body;
  const before = within(call, ports);
  mustHave(call, grants ?? []);
  mustBeCurrent(call, writtenOf(before));
  note(call.req, { target: before.name, before: viewOf(before) });
  if (signsInBy !== undefined) did(ports.people.setSource(before.id, signsInBy));
  if (grants !== undefined) did(ports.people.setGrants(before.id, grants));
  if (disabled !== undefined) did(ports.people.setDisabled(before.id, disabled ? 'disabled' : 'enabled'));
  const after = asked(call, ports);
  note(call.req, { after: viewOf(after) });
  sendUser(call, after);
}

/** Never 304: when they were seen last is of another moment than what is written about them. */
function sendUser({ req, res }: Call, user: UserRow): void {
  delete req.headers['if-none-match'];
  res.set('etag', etagOf(writtenOf(user))).json(viewOf(user));
}

/** What an administrator changes: a person who is at work meanwhile is no change. */
const writtenOf = ({ name, grants, disabled, source }: UserRow) => ({ name, grants, disabled, source });

function listTokens(
  { res, visitor }: Call,
  { all }: z.output<typeof schemas.tokensQuery>,
  { people }: PeoplePorts,
): void {
  if (all !== '0' && !mayI(visitor.person, 'manage-people')) throw new ApiProblem('not-allowed');
  const names = new Map(people.all().map(({ id, name }) => [id, name]));
  const body = people
    .tokens(all === '0' ? visitor.person.userId : undefined)
    .map(({ hash: _hash, userId, ...token }): TokenView => ({ ...token, user: names.get(userId) ?? '' }));
  res.json(body);
}

/** The user an address of the API names. */
function asked({ req }: Call, { people }: PeoplePorts): UserRow {
  const user = people.byId(String(req.params.id));
  if (user === null) throw new ApiProblem('not-found');
  return user;
}

/** The same, who has nothing that the asker has not: else a new password or grant would be a way to more. */
function within(call: Call, ports: PeoplePorts): UserRow {
  const user = asked(call, ports);
  if (user.id !== call.visitor.person.userId) mustHave(call, user.grants);
  return user;
}

function mustHave({ visitor }: Call, grants: readonly Grant[]): void {
  if (!hasAll(visitor.person, grants))
    throw new ApiProblem('not-allowed', { detail: 'this takes rights that you do not have yourself' });
}

export function viewOf({ secondFactor, source, ...user }: UserRow): UserView {
  const { id, name, grants, disabled, createdAtMs, groups, seenAtMs } = user;
  return {
    id,
    name,
    grants,
    disabled,
    secondFactor: secondFactor !== null,
    createdAtMs,
    signsInBy: source,
    groups,
    seenAtMs,
  };
}

/** A session by the beginning of its hash: names it, opens nothing. */
export function sessionOf({ hash, ...row }: SessionRow, ownHash: string): SessionView {
  const { createdAtMs, seenAtMs, address, agent } = row;
  return {
    id: hash.slice(0, SESSION_ID_LENGTH),
    createdAtMs,
    seenAtMs,
    address,
    agent,
    own: hash === ownHash,
  };
}

/** What was done, or `unusable` with the reason. */
export function did<T>(done: Done<T>): T {
  if (done.ok) return done.value;
  throw new ApiProblem('unusable', { problems: done.problems });
}
