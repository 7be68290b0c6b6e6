import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NO_OPTIONS } from '../../agent/src/config/command-line.ts';
import { loadConfig } from '../../agent/src/config/load.ts';
import { realFiles } from '../../agent/src/config/real-files.ts';
import { realUsers } from '../../agent/src/config/real-users.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'fv-config-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function load(cwd: string, path: string) {
  return loadConfig({ path, overrides: NO_OPTIONS, env: {}, cwd, files: realFiles, users: realUsers() });
}

test('CFG-005 a file is read, a directory and a broken link are not', () => {
  const dir = folder();
  writeFileSync(join(dir, 's.conf'), '[supervisord]\n');
  symlinkSync('nowhere', join(dir, 'broken.conf'));
  expect(load(dir, 's.conf').ok).toBe(true);
  expect(load(dir, '.')).toMatchObject({ problems: [{ says: 'could not read config file .' }] });
  expect(load(dir, 'broken.conf')).toMatchObject({
    problems: [{ says: 'could not find config file broken.conf' }],
  });
});

test('CFG-005 a configuration may come through a pipe, which has no size', () => {
  const dir = folder();
  const fifo = join(dir, 'fifo');
  execFileSync('mkfifo', [fifo]);
  execFileSync('sh', ['-c', 'printf "[supervisord]\\nidentifier=piped\\n" > "$0" &', fifo], {
    stdio: 'ignore',
  });
  expect(load(dir, 'fifo')).toMatchObject({ value: { daemon: { identifier: 'piped' } } });
});

test('a file of 100 MB, or without an end, is refused and not kept', () => {
  const dir = folder();
  writeFileSync(join(dir, 'big.conf'), '');
  truncateSync(join(dir, 'big.conf'), 100 * 1024 * 1024);
  const before = process.memoryUsage().rss;
  expect(load(dir, 'big.conf')).toMatchObject({ problems: [{ says: 'config file big.conf is too large' }] });
  expect(load(dir, '/dev/zero')).toMatchObject({
    problems: [{ says: 'config file /dev/zero is too large' }],
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
});

test('CFG-097 CFG-093 included folders and files nobody may read are passed over', () => {
  const dir = folder();
  mkdirSync(join(dir, 'inc/sub.conf'), { recursive: true });
  writeFileSync(join(dir, 'inc/a.conf'), '[program:a]\ncommand=a\n');
  writeFileSync(join(dir, 'inc/shut.conf'), '[program:shut]\ncommand=b\n');
  chmodSync(join(dir, 'inc/shut.conf'), 0);
  writeFileSync(join(dir, 's.conf'), '[supervisord]\n[include]\nfiles=inc/*.conf\n');
  const groups = userInfo().uid === 0 ? ['a', 'shut'] : ['a']; // root may read everything
  const loaded = load(dir, 's.conf');
  expect(loaded.ok && loaded.value.groups.map(({ name }) => name)).toEqual(groups);
});

test('CFG-109 CFG-110 users and groups are those of the machine', () => {
  const users = realUsers();
  const { username, uid, gid, homedir } = userInfo();
  expect(users.ownUid()).toBe(uid);
  expect(users.userByName(username)).toMatchObject({ uid, gid });
  expect(users.userById(uid)?.name).toBe(username);
  expect(users.userById(0)).toEqual({
    name: 'root',
    uid: 0,
    gid: 0,
    home: uid === 0 ? homedir : expect.any(String),
  });
  expect(users.groupById(0)).toEqual({ name: 'root', gid: 0 });
  expect(users.groupByName('root')?.gid).toBe(0);
  for (const nobody of ['no-such-user-x', '', '--help', 'a:b', 'a\nb'])
    expect(users.userByName(nobody)).toBeUndefined();
  expect(users.userById(3_999_999)).toBeUndefined();
});
