import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { type Lifetime, run, tempDir } from '../support/supervisors.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The built hub as it was before its last `count` migrations. */
function hubOf(t: Lifetime, count: number) {
  const dir = tempDir(t);
  for (const part of ['dist', 'migrations']) cpSync(join(ROOT, part), join(dir, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  const migrations = readdirSync(join(dir, 'migrations')).sort();
  for (const file of migrations.slice(migrations.length - count)) rmSync(join(dir, 'migrations', file));
  const built = join(dir, 'dist/fleetvisor.js');
  const verb = (data: string, ...words: string[]) =>
    run([process.execPath, built, 'hub', ...words, '--data', data], { timeoutMs: 30_000 });
  // No verb makes a database: a hub does, when it runs first.
  const make = (data: string) =>
    openStore({ dataFolder: data, migrations: join(dir, 'migrations'), nowMs: 0 }).close();
  return { verb, make };
}

const bytesOf = (data: string): string => readFileSync(join(data, 'fleetvisor.db'), 'latin1');

test('H23 an older hub refuses what a newer one wrote, changes nothing, and goes on from the backup made before', async (t) => {
  const [{ verb: older, make }, { verb: newer }] = [hubOf(t, 2), hubOf(t, 0)];
  const data = join(tempDir(t), 'hub');
  const backup = join(tempDir(t), 'before.db');
  make(data);
  t.expect((await older(data, 'join-token')).code).toBe(0);
  t.expect((await older(data, 'backup', backup)).code).toBe(0);
  t.expect((await newer(data, 'join-token')).code).toBe(0);
  const before = bytesOf(data);
  const latest = readdirSync(join(ROOT, 'migrations')).sort().at(-1);
  for (const words of [['run', '--port', '0'], ['join-token'], ['audit-verify']]) {
    const refused = await older(data, ...words);
    t.expect([refused.code, refused.err.trim().split('\n').length]).toEqual([1, 1]);
    t.expect(refused.err).toContain('the database is of a newer Fleetvisor');
    t.expect(refused.err).toContain('run that version, or restore an older backup');
  }
  const doctor = await older(data, 'doctor');
  t.expect([doctor.code === 0, doctor.out + doctor.err]).toEqual([false, t.expect.stringContaining('newer')]);
  t.expect(bytesOf(data), `without ${latest}`).toBe(before);
  const newerBackup = join(tempDir(t), 'after.db');
  t.expect((await newer(data, 'backup', newerBackup)).code).toBe(0);
  t.expect(await older(data, 'restore', newerBackup)).toMatchObject({
    code: 1,
    err: t.expect.stringContaining('newer'),
  });
  t.expect(bytesOf(data)).toBe(before);
  t.expect(await older(data, 'restore', backup)).toMatchObject({ code: 0 });
  t.expect((await older(data, 'join-token')).code).toBe(0);
  t.expect((await newer(data, 'join-token')).code, 'and forward again').toBe(0);
});
