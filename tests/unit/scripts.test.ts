import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { keptFromMs, removeFormer } from '../../scripts/former-files.mjs';
import { takeLock } from '../../scripts/lock.mjs';
import { tempDir } from '../support/supervisors.ts';

test('a build leaves what the former one made, however long ago, and all of the last day: a running hub needs it', async (t) => {
  const folder = tempDir(t);
  const made = (name: string, hoursAgo: number): string => {
    const file = join(folder, name);
    writeFileSync(file, '');
    const at = new Date(Date.now() - hoursAgo * 3_600_000);
    utimesSync(file, at, at);
    return file;
  };
  made('before-former.js', 2_000);
  made('former.js', 1_000);
  const manifest = made('manifest.json', 1_000);
  const keepMs = await keptFromMs(manifest);
  made('made.js', 0);
  await removeFormer(folder, new Set(['made.js']), keepMs);
  expect(readdirSync(folder)).toEqual(['former.js', 'made.js', 'manifest.json']);
  made('manifest.json', 0);
  made('today.js', 5);
  made('today.js.map', 5);
  await removeFormer(folder, new Set(['made.js']), await keptFromMs(manifest));
  expect(readdirSync(folder)).toEqual(['made.js', 'manifest.json', 'today.js']);
});

test('a lock is one script’s while it runs, and left over by none', async (t) => {
  const file = join(tempDir(t), 'lock');
  const lock = resolve(import.meta.dirname, '../../scripts/lock.mjs');
  const holds = `import { takeLock } from '${lock}'; console.log(takeLock('${file}')); setInterval(() => {}, 1e6)`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', holds]);
  t.onTestFinished(() => void child.kill('SIGKILL'));
  expect(String((await once(child.stdout, 'data'))[0])).toBe('null\n');
  expect(takeLock(file)).toBe(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(takeLock(file)).toBeNull();
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid}`);
});
