import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { GroupRecord, UserDirectory, UserRecord } from './files.ts';

type Database = 'passwd' | 'group';

/** Users and groups of this machine: the local files first, then whatever else the system asks (`getent`). */
export function realUsers(): UserDirectory {
  const local = { passwd: localLines('passwd'), group: localLines('group') };
  const find = (database: Database, column: 0 | 2, key: string): readonly string[] | undefined =>
    local[database].find((fields) => fields[column] === key) ?? askSystem(database, column, key);
  return {
    userByName: (name) => asUser(find('passwd', 0, name)),
    userById: (uid) => asUser(find('passwd', 2, `${uid}`)),
    groupByName: (name) => asGroup(find('group', 0, name)),
    groupById: (gid) => asGroup(find('group', 2, `${gid}`)),
    ownUid: () => process.getuid?.() ?? 0,
  };
}

function localLines(database: Database): string[][] {
  return linesOf(readIfThere(`/etc/${database}`));
}

function linesOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}

/** Directories of other kinds (LDAP, SSSD) are reached through NSS, which only the system's own tools speak. */
function askSystem(database: Database, column: 0 | 2, key: string): readonly string[] | undefined {
  if (key === '' || key.startsWith('-') || key.includes('\0')) return undefined;
  try {
    const out = execFileSync('getent', [database, key], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    });
    return linesOf(out).find((fields) => fields[column] === key);
  } catch {
    return undefined; // getent knows nobody of that name, or is not installed
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // a machine without the file asks the system for everyone
  }
}

function asUser(fields: readonly string[] | undefined): UserRecord | undefined {
  if (fields === undefined) return undefined;
  const [name = '', , uid = '', gid = '', , home = ''] = fields;
  return { name, uid: Number(uid), gid: Number(gid), home };
}

function asGroup(fields: readonly string[] | undefined): GroupRecord | undefined {
  if (fields === undefined) return undefined;
  const [name = '', , gid = ''] = fields;
  return { name, gid: Number(gid) };
}
