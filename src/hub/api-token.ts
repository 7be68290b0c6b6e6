import { accountsOver } from './accounts-over.ts';
import { type HubVerb, option } from './verb.ts';

export const apiToken: HubVerb = {
  name: 'api-token',
  usage: 'api-token [--user admin] [--label TEXT] [--json]',
  help: 'make a token for the fleet command or a script; shown once',
  options: ['--user', '--label'],
  switches: ['--json'],
  run(args, { config, store, clock, out, problem }) {
    const name = option(args, '--user') ?? 'admin';
    const user = store.users.byName(name);
    if (user === null || user.disabled) {
      problem(user === null ? `there is no user ${name}` : `${name} is disabled: a token would be refused`);
      return 1;
    }
    const made = accountsOver(store, config, clock).accounts.newToken(
      user.id,
      option(args, '--label') ?? 'console',
      null,
    );
    const { id, token, expiresAtMs } = made;
    out(args.switches.has('--json') ? JSON.stringify({ id, token, user: user.name, expiresAtMs }) : token);
    return 0;
  },
};
