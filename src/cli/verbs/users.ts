import type { NewUser, UserMade, UserPatch, UserView } from '../../api/contract.ts';
import { grantWords, parseGrant, type WrittenGrant } from '../../fleet/grant-text.ts';
import { CliFailure } from '../failure.ts';
import type { HubApi } from '../hub-api.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type CliContext, type FleetVerb, type Given, listOption } from '../verb.ts';

const GRANT_OPTION = [
  '--grant <role@scope...>',
  'a role, on everything or on what a selector names, or some rights of it: viewer, "operator@env=stage/web:*", "admin(see-fleet,manage-hosts)"',
] as const;

/** Who may sign in. */
export const users: FleetVerb = {
  name: 'users',
  words: '',
  summary: 'list users and what they may where',
  examples: ['fleetvisor users', 'fleetvisor users --json'],
  options: [],
  completes: 'none',
  async run(_words, _given, { io, output, hub }) {
    const list = await hub().get<readonly UserView[]>('/users');
    if (output === 'json') io.json(list);
    else
      for (const line of table(
        list.map(({ name, grants, disabled, secondFactor, signsInBy }) => [
          { text: oneLine(name) },
          { text: oneLine(grants.map(grantWords).join('; ') || 'nothing') },
          { text: standing({ disabled, secondFactor, signsInBy }) },
        ]),
      ))
        io.line(line);
    return 'done';
  },
};

function standing({
  disabled,
  secondFactor,
  signsInBy,
}: Pick<UserView, 'disabled' | 'secondFactor' | 'signsInBy'>): string {
  const words = [
    disabled ? 'disabled' : '',
    secondFactor ? 'second factor' : '',
    signsInBy === 'local' ? '' : `signs in by ${signsInBy}`,
  ];
  return words.filter(Boolean).join(', ') || '-';
}

export const usersAdd: FleetVerb = {
  name: 'users add',
  words: '<NAME>',
  summary: 'add a user; the hub makes the password and it is shown once',
  examples: [
    'fleetvisor users add mei --grant viewer --grant "operator@env=stage/web:*"',
    'fleetvisor users add ci --grant "operator@#web/*"',
  ],
  options: [GRANT_OPTION],
  completes: 'none',
  async run([name = ''], given, { io, output, hub }) {
    const wish: NewUser = { name, grants: grantsFrom(given, ['viewer']) };
    const made = await hub().post<UserMade>('/users', wish);
    if (output === 'json') io.json(made);
    else io.line(`${oneLine(made.user.name)} may sign in with the password ${made.password ?? ''}`);
    return 'done';
  },
};

export const usersGrant: FleetVerb = {
  name: 'users grant',
  words: '<NAME>',
  summary: 'say what a user may from now on, in place of what they may now',
  examples: [
    'fleetvisor users grant mei --grant admin',
    'fleetvisor users grant tom --grant "viewer(see-fleet)" --grant "operator(read-logs,send-input)@web:*"',
  ],
  options: [GRANT_OPTION],
  completes: 'none',
  run: ([name = ''], given, context) => change(name, { grants: grantsFrom(given, []) }, context),
};

/** By which door somebody comes in. */
export const usersSignInBy: FleetVerb = {
  name: 'users sign-in-by',
  words: '<NAME> <DOOR>',
  summary: 'let a user sign in by "local", "oidc" or "ldap" alone; ends their password, sessions and tokens',
  examples: ['fleetvisor users sign-in-by mei oidc', 'fleetvisor users sign-in-by mei local'],
  options: [],
  completes: 'none',
  run([name = '', door = ''], _given, context) {
    const signsInBy = DOORS.find((known) => known === door);
    if (signsInBy !== undefined) return change(name, { signsInBy }, context);
    throw new CliFailure('usage', `"${door}" is no way to sign in`, `It is one of ${DOORS.join(', ')}.`);
  },
};

const DOORS = ['local', 'oidc', 'ldap'] as const;

export const usersDisable: FleetVerb = {
  name: 'users disable',
  words: '<NAME>',
  summary: 'sign a user out everywhere, at once, and let them in no more',
  examples: ['fleetvisor users disable mei'],
  options: [],
  completes: 'none',
  run: ([name = ''], _given, context) => change(name, { disabled: true }, context),
};

export const usersEnable: FleetVerb = {
  name: 'users enable',
  words: '<NAME>',
  summary: 'let a disabled user in again',
  examples: ['fleetvisor users enable mei'],
  options: [],
  completes: 'none',
  run: ([name = ''], _given, context) => change(name, { disabled: false }, context),
};

export const usersResetPassword: FleetVerb = {
  name: 'users reset-password',
  words: '<NAME>',
  summary: 'give a user a new password, shown once; ends their sessions and tokens',
  examples: ['fleetvisor users reset-password mei'],
  options: [],
  completes: 'none',
  async run([name = ''], _given, { io, output, hub }) {
    const api = hub();
    const { id } = await namedUser(name, api);
    const made = await api.post<UserMade>(`/users/${encodeURIComponent(id)}/password`, {});
    if (output === 'json') io.json(made);
    else io.line(`${oneLine(name)} may sign in with the password ${made.password ?? ''}`);
    return 'done';
  },
};

async function change(name: string, patch: UserPatch, { io, output, hub }: CliContext): Promise<'done'> {
  const api = hub();
  const { id } = await namedUser(name, api);
  const user = await api.patch<UserView>(`/users/${encodeURIComponent(id)}`, patch);
  if (output === 'json') io.json(user);
  else io.line(`${oneLine(name)} is changed.`);
  return 'done';
}

async function namedUser(name: string, hub: HubApi): Promise<UserView> {
  const found = (await hub.get<readonly UserView[]>('/users')).find((user) => user.name === name);
  if (found === undefined)
    throw new CliFailure('nothing', `no user is called "${name}"`, 'See: fleetvisor users');
  return found;
}

function grantsFrom(given: Given, otherwise: readonly string[]): NewUser['grants'] {
  const words = listOption(given, 'grant');
  const [first, ...rest] = (words.length === 0 ? otherwise : words).map(readGrant);
  if (first === undefined) throw new CliFailure('usage', 'say what they may', 'As in: --grant viewer');
  return [first, ...rest];
}

/** `operator@env=stage/web:*`, `admin(see-fleet,manage-hosts)`; a role alone is on everything. */
function readGrant(word: string): WrittenGrant {
  const parsed = parseGrant(word);
  if (parsed.ok) return parsed.value;
  throw new CliFailure('usage', parsed.problems[0].says, parsed.problems[0].hint ?? '');
}
