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
    const username = option(args, '--username');
    const password = await readPassword(option(args, '--password-file'));
    if (password === null)
      problems.push(`--password-file: ${option(args, '--password-file')} cannot be read`);
    if (password !== '' && username === undefined) problems.push('--password-file: takes a --username too');
    if (!checked.ok || password === null || problems.length > 0) {
      problems.forEach(problem);
      return 2;
    }
    const { host } = checked.value;
    store.inTransaction(() => {
      store.hosts.add(host);
      if (username !== undefined) store.credentials.put(host.id, { username, password });
    });
    out(args.switches.has('--json') ? JSON.stringify(host) : `${host.name} is registered`);
    return 0;
  },
};

/** From a file or stdin: a password among the arguments would be in everybody's process list. Null: it cannot be read. */
async function readPassword(file: string | undefined): Promise<string | null> {
  if (file === undefined) return '';
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch(() => null);
  return text?.replace(/\r?\n$/, '') ?? null;
}
