import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backUp, restore, verify } from '../store/backup.ts';
import { lockDataFolder } from '../store/lock.ts';
import { makeFolder } from '../store/make-folder.ts';
import { migrationFiles } from '../store/schema.ts';
import { openStore } from '../store/store.ts';
import { asStoreProblem, StoreProblem } from '../store/store-problem.ts';
import type { FolderVerb } from './verb.ts';

/** One file from a hub that may go on running. */
export const backup: FolderVerb = {
  name: 'backup',
  usage: 'backup FILE [--with-key] [--json]',
  help: 'write everything into one file while the hub runs; --with-key also what opens the passwords',
  options: [],
  switches: ['--with-key', '--json'],
  runOnFolder({ words: [file, ...more], switches }, { config, clock, out, problem }) {
    if (file === undefined || more.length > 0) {
      problem('say where to: fleetvisor hub backup FILE');
      return 2;
    }
    const { dataFolder } = config;
    if (!existsSync(join(dataFolder, 'fleetvisor.db')))
      throw new StoreProblem(`${dataFolder}: there is no hub here: name its folder with --data`);
    const key = switches.has('--with-key') ? 'with key' : 'without key';
    const facts = backUp({ dataFolder, file, key, nowMs: clock.wallMs() });
    if (switches.has('--json')) out(JSON.stringify({ file, ...facts }));
    else {
      out(`${file} holds ${hostsText(facts.hosts)} and is whole.`);
      out(
        facts.hasKey
          ? 'The key is inside: whoever has this file has the passwords of your hosts.'
          : `The key is not inside: keep ${dataFolder}/hub.key elsewhere, or the passwords of your hosts are lost with it.`,
      );
    }
    return 0;
  },
};

/** Puts a backup in place of the database of a hub that does not run. */
export const restoreBackup: FolderVerb = {
  name: 'restore',
  usage: 'restore FILE [--json]',
  help: 'put a backup in place, with no hub running; what stood there is kept beside it',
  options: [],
  switches: ['--json'],
  runOnFolder({ words: [file, ...more], switches }, { config, clock, migrations, out, problem }) {
    if (file === undefined || more.length > 0) {
      problem('say which: fleetvisor hub restore FILE');
      return 2;
    }
    const { dataFolder } = config;
    verify(file);
    const unlock = locked(dataFolder);
    try {
      const stamp = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' })
        .format(clock.wallMs())
        .replace(/\D+/g, '-');
      const restored = restore({ dataFolder, file, known: migrationFiles(migrations), stamp });
      openStore({ dataFolder, migrations, nowMs: clock.wallMs() }).close(); // it opens, and is brought up to date
      if (switches.has('--json')) out(JSON.stringify({ file, ...restored }));
      else {
        out(`${dataFolder} is as it was when ${file} was made: ${hostsText(restored.hosts)}.`);
        if (restored.setAside !== null) out(`What stood there is kept as ${restored.setAside}.`);
      }
      return 0;
    } finally {
      unlock();
    }
  },
};

function locked(dataFolder: string): () => void {
  try {
    makeFolder(dataFolder);
    return lockDataFolder(dataFolder);
  } catch (error) {
    throw asStoreProblem(dirname(dataFolder), error);
  }
}

const hostsText = (count: number): string => (count === 1 ? '1 host' : `${count} hosts`);
