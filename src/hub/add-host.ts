import { readFile } from 'node:fs/promises';
import { hostFrom } from '../control/register-host.ts';
import { isOwnListener } from './own-listener.ts';
import { type HubVerb, option } from './verb.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Writes into the registry; a hub running on the same data folder takes the host over within two seconds. */
export const addHost: HubVerb = {
  name: 'add-host',
  usage:
    'add-host --name NAME --url URL [--username U --password-file FILE|-] [--env NAME] [--tag NAME]… [--json]',
  help: 'register a supervisord by its address',
  options: ['--name', '--url', '--username', '--password-file', '--env', '--tag'],
  switches: ['--json'],
  async run(args, { config, store, clock, out, problem }) {
    const name = option(args, '--name') ?? '';
    const wish = {
      name,
      url: option(args, '--url') ?? '',
      environment: option(args, '--env'),
      tags: args.options.get('--tag'),
    };
    const checked = await hostFrom(wish, {
      hosts: store.hosts,
      clock,
      socketFolders: [...config.socketFolders, config.dataFolder],
      isOwnListener: (hostname, port) => isOwnListener(hostname, port, config.port),
    });
    const problems = checked.ok
      ? []
      : checked.problems.map(({ where, says, hint }) => `--${where}: ${says}${hint ? `. ${hint}` : ''}`);
    if (!NAME.test(name)) problems.unshift('--name: letters, digits, ".", "_" and "-", at most 63');
    if (!checked.ok || problems.length > 0) {
      problems.forEach(problem);
      return 2;
    }
    const { host } = checked.value;
    const username = option(args, '--username');
    const password = await readPassword(option(args, '--password-file'));
    store.inTransaction(() => {
      store.hosts.add(host);
      if (username !== undefined) store.credentials.put(host.id, { username, password });
    });
    out(args.switches.has('--json') ? JSON.stringify(host) : `${host.name} is registered`);
    return 0;
  },
};

/** From a file or stdin: a password among the arguments would be in everybody's process list. */
async function readPassword(file: string | undefined): Promise<string> {
  if (file === undefined) return '';
  return (await readFile(file === '-' ? '/dev/stdin' : file, 'utf8')).replace(/\r?\n$/, '');
}
