/** What each kind of section may hold, for finding mistyped names. */
const PROCESS_OPTIONS = [
  'command process_name numprocs numprocs_start priority autostart autorestart startsecs startretries exitcodes',
  'stopsignal stopwaitsecs stopasgroup killasgroup user redirect_stderr environment directory umask serverurl',
  ...['stdout', 'stderr'].map((channel) =>
    ['logfile', 'logfile_maxbytes', 'logfile_backups', 'capture_maxbytes', 'events_enabled', 'syslog']
      .map((option) => `${channel}_${option}`)
      .join(' '),
  ),
].join(' ');

const SERVER_OPTIONS = 'username password';

interface SectionKind {
  /** The section's name, or its beginning when it ends in a colon. */
  readonly name: string;
  readonly options: readonly string[];
}

function kind(name: string, ...options: readonly string[]): SectionKind {
  return { name, options: options.join(' ').split(' ') };
}

/** Sections whose options are all known; others take whatever their owner wants. */
const KINDS: readonly SectionKind[] = [
  kind(
    'supervisord',
    'logfile logfile_maxbytes logfile_backups loglevel pidfile umask nodaemon silent minfds minprocs nocleanup',
    'childlogdir user directory strip_ansi environment identifier',
  ),
  kind('unix_http_server', SERVER_OPTIONS, 'file chmod chown'),
  kind('unix_http_server:', SERVER_OPTIONS, 'file chmod chown'),
  kind('inet_http_server', SERVER_OPTIONS, 'port'),
  kind('inet_http_server:', SERVER_OPTIONS, 'port'),
  kind('supervisorctl', 'serverurl username password prompt history_file'),
  kind('include', 'files'),
  kind('program:', PROCESS_OPTIONS),
  kind('fcgi-program:', PROCESS_OPTIONS, 'socket socket_backlog socket_owner socket_mode'),
  kind('eventlistener:', PROCESS_OPTIONS, 'events buffer_size length_in result_handler'),
  kind('group:', 'programs priority'),
  kind('fleetvisor', 'hub join_token join_token_file identity name allow'),
];

/** Sections with options of their own choosing. */
const OPEN_KINDS = ['rpcinterface:', 'ctlplugin:'];

/** What may be in a section, or null when nobody knows the section. */
export function knownOptions(section: string): 'any' | readonly string[] | null {
  if (OPEN_KINDS.some((prefix) => section.startsWith(prefix))) return 'any';
  const match = ({ name }: SectionKind) => (name.endsWith(':') ? section.startsWith(name) : section === name);
  return KINDS.find(match)?.options ?? null;
}

/** Beginnings of the names of all known sections: `supervisord`, `program:`. */
export function knownSections(): readonly string[] {
  return [...KINDS.map(({ name }) => name), ...OPEN_KINDS];
}
