import { grantWords } from '../fleet/grant-text.ts';
import { ROLES } from '../store/grants.ts';
import { accountsOver } from './accounts-over.ts';
import { type HubVerb, option } from './verb.ts';

export const users: HubVerb = {
  name: 'users',
  usage: 'users [--json]',
  help: 'list who may sign in, and what they may where',
  options: [],
  switches: ['--json'],
  looksOnly: true,
  run({ switches }, { store, out }) {
    const all = store.users.all().map(({ id, name, grants, disabled, secondFactor }) => {
      return { id, name, grants, disabled, secondFactor: secondFactor !== null };
    });
    if (switches.has('--json')) out(JSON.stringify(all));
    else
      for (const { name, grants, disabled } of all) {
        const may = grants.map(grantWords).join('; ') || 'nothing';
        out(`${name}: ${may}${disabled ? ' (disabled)' : ''}`);
      }
    return 0;
  },
};

export const addUser: HubVerb = {
  name: 'add-user',
  usage: 'add-user NAME [--role viewer] [--scope SELECTOR]',
  help: 'add a user; the password is shown once',
  options: ['--role', '--scope'],
  switches: [],
  async run(args, { config, store, clock, out, problem }) {
    const [name, ...more] = args.words;
    const wanted = option(args, '--role') ?? 'viewer';
    const role = ROLES.find((known) => known === wanted);
    if (name === undefined || more.length > 0 || role === undefined) {
      problem(role === undefined ? `--role is one of ${ROLES.join(', ')}` : 'say who: add-user NAME');
      return 2;
    }
    const { people } = accountsOver(store, config, clock);
    const made = await people.add({ name, grants: [{ role, scope: option(args, '--scope') ?? '*' }] });
    if (made.ok) out(made.value.password ?? '');
    else for (const { where, says } of made.problems) problem(`${where}: ${says}`);
    return made.ok ? 0 : 1;
  },
};

export const disableUser: HubVerb = {
  name: 'disable-user',
  usage: 'disable-user NAME [--enable]',
  help: 'sign a user out everywhere and let them in no more; --enable takes it back',
  options: [],
  switches: ['--enable'],
  run({ words: [name, ...more], switches }, { config, store, clock, problem }) {
    const { people } = accountsOver(store, config, clock);
    const user = name === undefined || more.length > 0 ? null : people.byName(name);
    if (user === null) {
      problem(name === undefined ? 'say who: disable-user NAME' : `there is no user ${name}`);
      return name === undefined ? 2 : 1;
    }
    const done = people.setDisabled(user.id, switches.has('--enable') ? 'enabled' : 'disabled');
    if (!done.ok) for (const { says } of done.problems) problem(`this ${says}`);
    return done.ok ? 0 : 1;
  },
};
