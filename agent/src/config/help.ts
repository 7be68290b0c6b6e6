const ROWS: readonly (readonly [options: string, meaning: string])[] = [
  ['-c, --configuration FILE', 'the configuration file; without it the usual places are searched'],
  ['-n, --nodaemon', 'stay in the foreground'],
  ['-s, --silent', 'in the foreground, do not repeat the main log on stdout'],
  ['-h, --help', 'show this text and exit'],
  ['-v, --version', 'show the version and exit'],
  ['-u, --user USER', 'run as this user (name or uid)'],
  ['-m, --umask UMASK', 'octal umask of the daemon in the background (022)'],
  ['-d, --directory DIR', 'folder to change to when going to the background'],
  ['-l, --logfile FILE', 'the main log'],
  ['-y, --logfile_maxbytes BYTES', 'size at which the main log is rotated (50MB; 0 for never)'],
  ['-z, --logfile_backups N', 'rotated main logs to keep (10)'],
  ['-e, --loglevel LEVEL', 'critical, error, warn, info, debug, trace or blather (info)'],
  ['-j, --pidfile FILE', 'where to write the process id'],
  ['-i, --identifier TEXT', 'the name this daemon reports'],
  ['-q, --childlogdir DIR', 'folder for automatic logs of programs'],
  ['-k, --nocleanup', 'leave automatic logs of earlier runs alone'],
  ['-a, --minfds N', 'file descriptors that must be available (1024)'],
  ['-t, --strip_ansi', 'drop ANSI escape codes from the output of programs'],
  ['    --minprocs N', 'processes that must be available (200)'],
  ['    --profile_options LIST', 'accepted, does nothing'],
  ['    --check', 'say all that is wrong or doubtful in the configuration, and exit'],
  ['    --sample', 'print a configuration with every option explained, and exit'],
];

/** The daemon's help, as `-h` prints it. Options may be shortened, except the last two. */
export function daemonHelp(progname: string): string {
  const width = Math.max(...ROWS.map(([options]) => options.length));
  const rows = ROWS.map(([options, meaning]) => `  ${options.padEnd(width)}  ${meaning}`);
  return [
    `Usage: ${progname} [options]`,
    '',
    'Starts, watches and restarts the programs of a supervisord.conf.',
    '',
    'Options:',
    ...rows,
    '',
  ].join('\n');
}
