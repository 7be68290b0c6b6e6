import { posix } from 'node:path';
import type { DaemonConfig, Parsed, Problem } from './config.ts';
import type { ConfigFiles } from './files.ts';
import { type GivenOption, getopt } from './getopt.ts';
import { existingDirectory, fileInExistingDirectory, type PathContext, parentOf } from './paths.ts';
import { quoted, quotedList } from './python-text.ts';
import { good, type Reader, type Reading } from './reading.ts';
import { byteSize, integer, listOfStrings, logLevel, octal } from './values.ts';

/** The daemon's command line: what to do, and what beats the file. Null or false: not given. */
export interface CommandLine {
  readonly mode: 'run' | 'help' | 'version' | 'check' | 'sample';
  /** The file named by -c. */
  readonly configPath: string | null;
  readonly foreground: boolean;
  readonly silent: boolean;
  readonly keepAutoLogs: boolean;
  readonly stripAnsi: boolean;
  readonly user: string | null;
  readonly umask: number | null;
  readonly directory: string | null;
  readonly logFile: string | null;
  readonly logMaxBytes: number | null;
  readonly logBackups: number | null;
  readonly logLevel: DaemonConfig['logLevel'] | null;
  readonly pidFile: string | null;
  readonly identifier: string | null;
  readonly childLogDir: string | null;
  readonly minFds: number | null;
  readonly minProcs: number | null;
  readonly profileOptions: readonly string[] | null;
}

/** A command line with nothing on it. */
export const NO_OPTIONS: CommandLine = {
  mode: 'run',
  configPath: null,
  foreground: false,
  silent: false,
  keepAutoLogs: false,
  stripAnsi: false,
  user: null,
  umask: null,
  directory: null,
  logFile: null,
  logMaxBytes: null,
  logBackups: null,
  logLevel: null,
  pidFile: null,
  identifier: null,
  childLogDir: null,
  minFds: null,
  minProcs: null,
  profileOptions: null,
};

/** The warning supervisord gives root when no file is named. Contract: CFG-006. */
export const SEARCHING_AS_ROOT =
  'Supervisord is running as root and it is searching for its configuration file in default locations (including its current working directory); you probably want to specify a "-c" argument specifying an absolute path to a configuration file for improved security.';

type Change = Partial<Omit<CommandLine, 'mode'>>;

interface OptionRow {
  readonly short?: string;
  readonly long?: string;
  readonly takesValue: boolean;
  readonly read: (text: string, paths: PathContext) => Reading<Change>;
}

function valued<T>(
  short: string | undefined,
  long: string,
  reader: (paths: PathContext) => Reader<T>,
  change: (value: T) => Change,
): OptionRow {
  const read: OptionRow['read'] = (text, paths) => {
    const reading = reader(paths)(text);
    return reading.ok ? good(change(reading.value)) : reading;
  };
  return { ...(short === undefined ? {} : { short }), long, takesValue: true, read };
}

function flag(short: string, long: string, change: Change): OptionRow {
  return { short, long, takesValue: false, read: () => good(change) };
}

const asWritten = (): Reader<string> => good;

/** Contract: CFG-020 to CFG-040. */
const OPTIONS: readonly OptionRow[] = [
  valued('c', 'configuration', asWritten, (configPath) => ({ configPath })),
  flag('n', 'nodaemon', { foreground: true }),
  flag('s', 'silent', { silent: true }),
  flag('k', 'nocleanup', { keepAutoLogs: true }),
  flag('t', 'strip_ansi', { stripAnsi: true }),
  valued('u', 'user', asWritten, (user) => ({ user })),
  valued(
    'm',
    'umask',
    () => octal,
    (umask) => ({ umask }),
  ),
  valued('d', 'directory', existingDirectory, (directory) => ({ directory })),
  valued('l', 'logfile', fileInExistingDirectory, (logFile) => ({ logFile })),
  valued(
    'y',
    'logfile_maxbytes',
    () => byteSize,
    (logMaxBytes) => ({ logMaxBytes }),
  ),
  valued(
    'z',
    'logfile_backups',
    () => integer,
    (logBackups) => ({ logBackups }),
  ),
  valued(
    'e',
    'loglevel',
    () => logLevel,
    (level) => ({ logLevel: level }),
  ),
  valued('j', 'pidfile', fileInExistingDirectory, (pidFile) => ({ pidFile })),
  valued('i', 'identifier', asWritten, (identifier) => ({ identifier })),
  valued('q', 'childlogdir', existingDirectory, (childLogDir) => ({ childLogDir })),
  valued(
    'a',
    'minfds',
    () => integer,
    (minFds) => ({ minFds }),
  ),
  valued(
    undefined,
    'minprocs',
    () => integer,
    (minProcs) => ({ minProcs }),
  ),
  valued(undefined, 'profile_options', asWritten, (text) => ({ profileOptions: listOfStrings(text) })),
];

/** Options that say what to do instead of supervising; the first of them counts. */
const MODES: Readonly<Record<string, CommandLine['mode']>> = {
  '-h': 'help',
  '-?': 'help',
  '--help': 'help',
  '-v': 'version',
  '--version': 'version',
};

/** Options supervisord has not; they must be spelled in full, so that no shortening of its own changes meaning. */
const OWN_MODES: Readonly<Record<string, CommandLine['mode']>> = { '--check': 'check', '--sample': 'sample' };

const GRAMMAR = {
  short: `h?v${OPTIONS.map(({ short, takesValue }) => (short ? short + (takesValue ? ':' : '') : '')).join('')}`,
  long: [
    'help',
    'version',
    ...OPTIONS.flatMap(({ long, takesValue }) => (long ? [long + (takesValue ? '=' : '')] : [])),
  ],
  inFull: ['check', 'sample'],
};

/**
 * Reads the daemon's arguments, without argv[0]. The only problem is the first, in supervisord's words.
 * Contract: CFG-014 to CFG-040.
 */
export function parseCommandLine(args: readonly string[], paths: PathContext): Parsed<CommandLine> {
  const parsed = getopt(args, GRAMMAR);
  if (!parsed.ok) return refused(parsed.fault.says);
  const { options, rest } = parsed.value;
  if (rest.length > 0) return refused(`positional arguments are not supported: ${quotedList(rest)}`);
  let line = NO_OPTIONS;
  const used = new Set<OptionRow>();
  for (const given of options) {
    const mode = MODES[given.option] ?? OWN_MODES[given.option];
    if (mode !== undefined) line = { ...line, mode };
    if (given.option in MODES) break;
    const row = OPTIONS.find((candidate) => namedBy(candidate, given));
    if (row === undefined) continue;
    const change = row.read(given.argument, paths);
    if (!change.ok)
      return refused(`invalid value for ${given.option} ${quoted(given.argument)}: ${change.fault.says}`);
    if (used.has(row)) return refused(`conflicting command line option ${quoted(given.option)}`);
    used.add(row);
    line = { ...line, ...change.value };
  }
  return { ok: true, value: line };
}

/** Where a configuration is looked for when none is named. Contract: CFG-001. */
export function defaultConfigPaths(argv0: string): string[] {
  const parent = parentOf(parentOf(argv0));
  const beside = (path: string) =>
    parent === '' || parent.endsWith('/') ? parent + path : `${parent}/${path}`;
  return [
    beside('etc/supervisord.conf'),
    beside('supervisord.conf'),
    'supervisord.conf',
    'etc/supervisord.conf',
    '/etc/supervisord.conf',
    '/etc/supervisor/supervisord.conf',
  ];
}

/** The first default path that exists, or supervisord's complaint. Contract: CFG-001, CFG-002. */
export function findConfigFile(
  argv0: string,
  { files, cwd }: { files: ConfigFiles; cwd: string },
): Parsed<string> {
  const paths = defaultConfigPaths(argv0);
  const found = paths.find((path) => files.exists(posix.resolve(cwd, path)));
  if (found !== undefined) return { ok: true, value: found };
  const list = paths.join(', ');
  return refused(
    `No config file found at default paths (${list}); use the -c option to specify a config file at a different path`,
  );
}

function namedBy({ short, long }: OptionRow, { option }: GivenOption): boolean {
  return option === `-${short}` || option === `--${long}`;
}

function refused(says: string): { ok: false; problems: [Problem] } {
  return { ok: false, problems: [{ where: 'command line', says }] };
}
