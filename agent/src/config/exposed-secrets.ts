import type { ConfigFiles } from './files.ts';
import type { IniDocument } from './ini-document.ts';

const SECRETS: readonly (readonly [section: string, option: string])[] = [
  ['unix_http_server', 'password'],
  ['inet_http_server', 'password'],
  ['supervisorctl', 'password'],
  ['fleetvisor', 'join_token'],
];

/** What to say of each file with a secret in it that any user of the machine may read. */
export function exposedSecrets({ sections }: IniDocument, files: ConfigFiles): readonly string[] {
  const holders = SECRETS.flatMap(([section, option]) => {
    const written = sections.get(section)?.options.get(option);
    const isThere = written !== undefined && written.value !== '' && !written.value.includes('%(ENV_');
    return isThere ? [written.origin.file] : [];
  });
  return [...new Set(holders)]
    .filter((file) => files.isReadableByAll(file))
    .map((file) => `${file} holds a password and any user may read it: chmod o-r ${file}`);
}
