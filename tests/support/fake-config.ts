import { posix } from 'node:path';
import { NO_OPTIONS } from '../../agent/src/config/command-line.ts';
import type { Config, Problem } from '../../agent/src/config/config.ts';
import type { ConfigFiles, UserDirectory } from '../../agent/src/config/files.ts';
import { type LoadRequest, loadConfig } from '../../agent/src/config/load.ts';

/** Files by absolute path; their folders are there too, and so are the ones named. */
export function fakeFiles(
  files: Readonly<Record<string, string | Buffer>>,
  folders: readonly string[] = [],
): ConfigFiles {
  const known = new Set(['/', '/tmp', ...folders]);
  for (const path of [...Object.keys(files), ...folders]) {
    for (let up = posix.dirname(path); up !== '/'; up = posix.dirname(up)) known.add(up);
  }
  const trimmed = (path: string) => posix.normalize(path).replace(/(.)\/$/, '$1');
  return {
    read(path, limit) {
      const content = files[trimmed(path)];
      if (content === undefined) return { kind: 'unreadable' };
      const bytes = Buffer.from(content);
      return bytes.length > limit ? { kind: 'too-large' } : { kind: 'bytes', bytes };
    },
    exists: (path) => trimmed(path) in files || known.has(trimmed(path)),
    isDirectory: (path) => known.has(trimmed(path)),
    isPipe: () => false,
    isReadableByAll: () => false,
    isWritable: () => true,
    list: (path) => [
      ...new Set(
        [...Object.keys(files), ...known]
          .filter((file) => file !== '/' && posix.dirname(file) === trimmed(path))
          .map((file) => posix.basename(file)),
      ),
    ],
  };
}

const USERS = [
  { name: 'root', uid: 0, gid: 0, home: '/root' },
  { name: 'nobody', uid: 65534, gid: 65533, home: '/nonexistent' },
];
const GROUPS = [
  { name: 'root', gid: 0 },
  { name: 'nogroup', gid: 65534 },
];

/** A machine with root (who we are), nobody and the group nogroup. */
export const fakeUsers: UserDirectory = {
  userByName: (name) => USERS.find((user) => user.name === name),
  userById: (uid) => USERS.find((user) => user.uid === uid),
  groupByName: (name) => GROUPS.find((group) => group.name === name),
  groupById: (gid) => GROUPS.find((group) => group.gid === gid),
  ownUid: () => 0,
};

export interface Given {
  /** The main file, `/etc/app/s.conf`. */
  readonly text: string | Buffer;
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: Partial<LoadRequest['overrides']>;
}

export function requestOf({ text, files = {}, env = {}, overrides = {} }: Given): LoadRequest {
  return {
    path: '/etc/app/s.conf',
    overrides: { ...NO_OPTIONS, ...overrides },
    env: { HOME: '/root', ...env },
    cwd: '/conf',
    files: fakeFiles({ '/etc/app/s.conf': text, ...files }, ['/conf', '/root', '/var/log']),
    users: fakeUsers,
    nodeName: 'box',
  };
}

/** The configuration, which must be right. */
export function loaded(given: Given | string): Config {
  const result = loadConfig(requestOf(typeof given === 'string' ? { text: given } : given));
  if (!result.ok) throw new Error(result.problems.map(({ where, says }) => `${where}: ${says}`).join('\n'));
  return result.value;
}

/** What is wrong with a configuration, which must be wrong. */
export function problemsOf(given: Given | string): readonly [Problem, ...Problem[]] {
  const result = loadConfig(requestOf(typeof given === 'string' ? { text: given } : given));
  if (result.ok) throw new Error('nothing is wrong with it');
  return result.problems;
}
