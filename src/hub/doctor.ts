import { existsSync, type Stats, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HubConfig } from '../config.ts';
import { type Inspected, inspect } from '../store/inspect.ts';
import { keyFiles } from '../store/key-file.ts';
import { lockDataFolder } from '../store/lock.ts';
import { migrationFiles, missingIn, newerThan } from '../store/schema.ts';
import { asStoreProblem, StoreProblem } from '../store/store-problem.ts';
import { certificateEndsMs, daysLeft } from './certificate.ts';
import { openFileLimit } from './open-files.ts';
import { sizeText } from './size-text.ts';
import type { FolderVerb } from './verb.ts';

/** One thing looked at. `mend` says what to do when it is not `ok`. */
export interface Finding {
  readonly what: string;
  readonly result: 'ok' | 'warning' | 'wrong';
  readonly says: string;
  readonly mend: string;
}

const ok = (what: string, says: string): Finding => ({ what, result: 'ok', says, mend: '' });
const warning = (what: string, says: string, mend: string): Finding => ({
  what,
  result: 'warning',
  says,
  mend,
});
const wrong = (what: string, says: string, mend: string): Finding => ({ what, result: 'wrong', says, mend });

const LEAST_DISK_BYTES = 200 * 1024 ** 2;
const LEAST_FILES = 4_096;
const DAY_MS = 24 * 3_600_000;

/** Looks at everything a hub needs on its own machine, and changes nothing. */
export const hubDoctor: FolderVerb = {
  name: 'doctor',
  usage: 'doctor [--json]',
  help: 'look at the data folder, the key, the database, the disk and the limits; changes nothing',
  options: [],
  switches: ['--json'],
  runOnFolder({ switches }, { config, clock, migrations, out }) {
    const findings = [
      ...examine(config.dataFolder, migrationFiles(migrations)),
      ...certificateFindings(config.tls, clock.wallMs()),
    ];
    if (switches.has('--json')) out(JSON.stringify(findings));
    else for (const finding of findings) out(lineOf(finding));
    return findings.some(({ result }) => result === 'wrong') ? 1 : 0;
  },
};

const MARKS = { ok: 'ok     ', warning: 'WARNING', wrong: 'WRONG  ' } as const;

function lineOf({ what, result, says, mend }: Finding): string {
  return `${MARKS[result]}  ${what.padEnd(9)}  ${says}${mend === '' ? '' : `. ${mend}`}`;
}

export function examine(dataFolder: string, known: readonly string[]): Finding[] {
  const folder = statSync(dataFolder, { throwIfNoEntry: false });
  if (folder?.isDirectory() !== true) {
    const says = `${dataFolder} is not there`;
    return [wrong('folder', says, 'Name the folder with --data, or start the hub once to make it.')];
  }
  const key = keyFinding(keyFiles(dataFolder), folder);
  return [
    folderFinding(dataFolder, folder),
    key,
    ...databaseFindings(dataFolder, known, key),
    diskFinding(dataFolder),
    filesFinding(),
    hubFinding(dataFolder),
  ];
}

const octal = ({ mode }: Stats): string => (mode & 0o777).toString(8).padStart(4, '0');

function folderFinding(path: string, stat: Stats): Finding {
  if ((stat.mode & 0o022) !== 0)
    return wrong('folder', `${path} can be written by others (${octal(stat)})`, `Run: chmod 700 ${path}`);
  if ((stat.mode & 0o055) !== 0)
    return warning(
      'folder',
      `${path} can be looked into by others (${octal(stat)})`,
      `Run: chmod 700 ${path}`,
    );
  return ok('folder', `${path} is its owner's alone`);
}

function keyFinding({ own: path, next }: ReturnType<typeof keyFiles>, folder: Stats): Finding {
  if (existsSync(next))
    return warning(
      'key',
      'a change of it was broken off',
      'The next start of the hub ends it; nothing is lost.',
    );
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    return wrong(
      'key',
      `${path} is not there`,
      'Put it back from where it is kept, or restore a backup made --with-key.',
    );
  if (stat.uid !== folder.uid)
    return wrong(
      'key',
      `${path} belongs to another user than its folder`,
      `Run: chown --reference=${dirname(path)} ${path}`,
    );
  return (stat.mode & 0o077) === 0
    ? ok('key', `${path} is its owner's alone`)
    : wrong('key', `${path} can be read by others (${octal(stat)})`, `Run: chmod 600 ${path}`);
}

function databaseFindings(dataFolder: string, known: readonly string[], key: Finding): Finding[] {
  const file = join(dataFolder, 'fleetvisor.db');
  try {
    const found = inspect(dataFolder);
    if (found === null)
      return [wrong('database', `${file} is not there`, 'Restore a backup, or start the hub to make one.')];
    return [
      checkFinding(file, found),
      schemaFinding(found, known),
      ...sealFindings(found, key),
      ...channelFindings(found),
      ...followFindings(found),
      sizeFinding(found),
    ];
  } catch (error) {
    return [wrong('database', messageOf(file, error), 'See: fleetvisor hub restore')];
  }
}

function messageOf(file: string, error: unknown): string {
  try {
    return asStoreProblem(file, error).message;
  } catch {
    return `${file}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function checkFinding(file: string, { check }: Inspected): Finding {
  return check === 'ok'
    ? ok('database', 'every page is whole')
    : wrong(
        'database',
        `${file} is damaged (${check})`,
        'Keep the file, and restore a backup: fleetvisor hub restore FILE',
      );
}

function schemaFinding({ schema }: Inspected, known: readonly string[]): Finding {
  const newer = newerThan(schema, known);
  if (newer !== null) return wrong('schema', `of a newer Fleetvisor (${newer})`, 'Run that version.');
  const missing = missingIn(schema, known);
  return missing.length > 0
    ? warning(
        'schema',
        `${schema.version}, without ${missing.join(' ')}`,
        'The next start brings it up to date.',
      )
    : ok('schema', `${schema.version}, as this program knows it`);
}

function sealFindings({ keyFits, lostPasswords }: Inspected, key: Finding): Finding[] {
  if (keyFits === false && key.result === 'wrong')
    return [warning('passwords', 'whether the key opens them is not known', 'See to the key first.')];
  if (keyFits === false)
    return [wrong('passwords', 'hub.key is not the key of this database', 'Put the right hub.key back.')];
  if (lostPasswords.length === 0) return [ok('passwords', 'the key opens all of them')];
  return [
    wrong(
      'passwords',
      `the key does not open those of ${lostPasswords.join(', ')}`,
      'Give these hosts their password anew.',
    ),
  ];
}

function channelFindings({ channels, keyFits }: Inspected): Finding[] {
  return channels
    .filter(({ enabled }) => enabled)
    .map(({ name, waiting, lastError, opens }) => {
      if (!opens && keyFits === true)
        return wrong(
          'alerts',
          `the key does not open what is secret of the channel ${name}`,
          'Give the channel its address and password anew.',
        );
      if (waiting === 0 || lastError === null)
        return ok('alerts', `the channel ${name}: ${waiting} messages wait`);
      const says = `the channel ${name}: ${waiting} messages wait, the last try failed: ${lastError}`;
      return warning('alerts', says, `Mend it, then run: fleetvisor alerts test ${name}`);
    });
}

function followFindings({ notFollowed }: Inspected): Finding[] {
  if (notFollowed === null) return [];
  const end = 'fleetvisor hub rotate-key --end-former';
  if (notFollowed.length === 0)
    return [warning('hub key', 'every agent has followed to the new one', `Run: ${end}`)];
  const says = `these agents have not followed to the new one: ${notFollowed.slice(0, 10).join(', ')}${notFollowed.length > 10 ? ' …' : ''}`;
  return [warning('hub key', says, 'They do at their next connection; start the hub again to have it now.')];
}

function sizeFinding({ bytes, freeBytes, rows }: Inspected): Finding {
  const says = `${sizeText(bytes)}: ${rows.hosts === 1 ? '1 host' : `${rows.hosts} hosts`}, ${rows.fleet_events} events, ${rows.actions} actions`;
  return freeBytes > bytes / 2 && freeBytes > 50 * 1024 ** 2
    ? warning('size', `${says}; ${sizeText(freeBytes)} of it is empty`, 'Run: fleetvisor hub gc')
    : ok('size', says);
}

function certificateFindings(tls: HubConfig['tls'], nowMs: number): Finding[] {
  if (tls === null) return [];
  const endsMs = certificateEndsMs(tls);
  if (endsMs === null)
    return [wrong('TLS', `${tls.certFile} cannot be read`, 'Name another file with --tls-cert.')];
  const days = daysLeft(endsMs, nowMs);
  if (days === null)
    return [ok('TLS', `the certificate is good for ${Math.floor((endsMs - nowMs) / DAY_MS)} days`)];
  const mend = `Put a new one into ${tls.certFile} and reload the hub: systemctl reload fleetvisor-hub, or SIGHUP.`;
  return days < 0
    ? [wrong('TLS', 'the certificate has ended', mend)]
    : [warning('TLS', `the certificate ends within ${days + 1} days`, mend)];
}

function diskFinding(path: string): Finding {
  const { bavail, bsize } = statfsSync(path);
  const free = bavail * bsize;
  return free < LEAST_DISK_BYTES
    ? wrong('disk', `${sizeText(free)} are free`, 'Make room: a hub that cannot write refuses actions.')
    : ok('disk', `${sizeText(free)} are free`);
}

function filesFinding(): Finding {
  const limit = openFileLimit();
  if (limit === null) return ok('files', 'this system does not tell its limit');
  return limit < LEAST_FILES
    ? warning(
        'files',
        `${limit} open files at most`,
        `For many agents raise it: LimitNOFILE=65536 in the unit, or ulimit -n.`,
      )
    : ok('files', `${limit} open files at most`);
}

function hubFinding(dataFolder: string): Finding {
  try {
    lockDataFolder(dataFolder)();
    return ok('hub', 'none is running on this folder');
  } catch (error) {
    if (error instanceof StoreProblem) return ok('hub', 'one is running on this folder');
    return warning('hub', messageOf(join(dataFolder, 'hub.lock'), error), 'See who owns the folder.');
  }
}
