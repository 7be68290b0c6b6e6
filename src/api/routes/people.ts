import type { Accounts } from '../../accounts/accounts.ts';
import { type Done, type People, SESSION_ID_LENGTH } from '../../accounts/people.ts';
import { mayI } from '../../accounts/rights.ts';
import type { SessionRow } from '../../store/sessions.ts';
import type { UserRow } from '../../store/users.ts';
import { note } from '../audited.ts';
import type { SessionView, TokenView, UserMade, UserView } from '../contract.ts';
import * as schemas from '../people-schemas.ts';
import { ApiProblem } from '../problems.ts';
import type { Call, Route } from '../route.ts';
import { read } from '../schemas.ts';

export interface PeoplePorts {
  readonly accounts: Accounts;
  readonly people: People;
}

/** What administrators do about people, and what anybody does about their own tokens. */
export function peopleRoutes(ports: PeoplePorts): Route[] {
  const { people } = ports;
  return [
    {
      method: 'get',
      path: '/users',
      right: 'manage-people',
      run: ({ res }) => void res.json(people.all().map(viewOf)),
    },
    { method: 'post', path: '/users', right: 'manage-people', run: (call) => add(call, ports) },
    { method: 'patch', path: '/users/:id', right: 'manage-people', run: (call) => change(call, ports) },
    {
      method: 'post',
      path: '/users/:id/password',
      right: 'manage-people',
      async run(call) {
        const user = asked(call, ports);
        note(call.req, { target: user.name });
        const password = did(await people.resetPassword(user));
        call.res.json({ user: viewOf(user), password } satisfies UserMade);
      },
    },
    {
      method: 'delete',
      path: '/users/:id/second-factor',
      right: 'manage-people',
      run(call) {
        const user = asked(call, ports);
        people.dropSecondFactor(user.id);
        note(call.req, { target: user.name });
        call.res.status(204).end();
      },
    },
    {
      method: 'get',
      path: '/users/:id/sessions',
      right: 'manage-people',
      run: (call) =>
        void call.res.json(people.sessions(asked(call, ports).id).map((row) => sessionOf(row, ''))),
    },
    {
      method: 'delete',
      path: '/users/:id/sessions/:session',
      right: 'manage-people',
      run(call) {
        const user = asked(call, ports);
        if (!people.endSession(user.id, String(call.req.params.session))) throw new ApiProblem('not-found');
        note(call.req, { target: user.name });
        call.res.status(204).end();
      },
    },
    { method: 'get', path: '/tokens', right: 'manage-own-tokens', run: (call) => listTokens(call, ports) },
    {
      method: 'delete',
      path: '/tokens/:id',
      right: 'manage-own-tokens',
      run(call) {
        const token = people.token(String(call.req.params.id));
        const { person } = call.visitor;
        if (token === null || (token.userId !== person.userId && !mayI(person, 'manage-people')))
          throw new ApiProblem('not-found');
        people.endToken(token.id);
        note(call.req, { before: { id: token.id, label: token.label, limit: token.limit } });
        call.res.status(204).end();
      },
    },
  ];
}

async function add({ req, res }: Call, { people }: PeoplePorts): Promise<void> {
  const wish = read(schemas.newUser, req.body);
  const { id, password } = did(await people.add(wish));
  const user = people.byId(id);
  if (user === null) throw new ApiProblem('not-found');
  note(req, { target: wish.name, after: viewOf(user) });
  res.status(201).json({ user: viewOf(user), password } satisfies UserMade);
}

function change(call: Call, ports: PeoplePorts): void {
  const { grants, disabled, signsInBy } = read(schemas.userPatch, call.req.body);
  const before = asked(call, ports);
  note(call.req, { target: before.name, before: viewOf(before) });
  if (signsInBy !== undefined) did(ports.people.setSource(before.id, signsInBy));
  if (grants !== undefined) did(ports.people.setGrants(before.id, grants));
  if (disabled !== undefined) did(ports.people.setDisabled(before.id, disabled ? 'disabled' : 'enabled'));
  const after = viewOf(asked(call, ports));
  note(call.req, { after });
  call.res.json(after);
}

function listTokens({ req, res, visitor }: Call, { people }: PeoplePorts): void {
  const { all } = read(schemas.tokensQuery, { ...req.query });
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

export function viewOf({
  id,
  name,
  grants,
  disabled,
  secondFactor,
  createdAtMs,
  source,
  groups,
}: UserRow): UserView {
  return {
    id,
    name,
    grants,
    disabled,
    secondFactor: secondFactor !== null,
    createdAtMs,
    signsInBy: source,
    groups,
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
