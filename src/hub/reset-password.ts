import { accountsOver } from './accounts-over.ts';
import type { HubVerb } from './verb.ts';

export const resetPassword: HubVerb = {
  name: 'reset-password',
  usage: 'reset-password USER',
  help: 'give a user a new password, shown once; ends their sessions and tokens',
  options: [],
  switches: [],
  async run({ words: [name, ...more] }, { config, store, clock, out, problem }) {
    if (name === undefined || more.length > 0) {
      problem('say whose password: fleetvisor hub reset-password USER');
      return 2;
    }
    const password = await accountsOver(store, config, clock).accounts.resetPassword(name);
    if (password === null) problem(`there is no user ${name}`);
    else out(password);
    return password === null ? 1 : 0;
  },
};
