import type { ChannelConfig } from './config.ts';
import { fileInExistingDirectory, type PathContext } from './paths.ts';
import { good, type Reader } from './reading.ts';
import type { SectionReader } from './section-reader.ts';
import { byteSize, integer, yesOrNo } from './values.ts';

const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;

type LogFileWord = ChannelConfig['logFile'] | { readonly kind: 'syslog' };

/** The options of a channel that are read once per section, not per process. Contract: CFG-082. */
export type ChannelSwitches = Pick<ChannelConfig, 'captureMaxBytes' | 'eventsEnabled'>;

export function readChannelSwitches(reader: SectionReader, channel: 'stdout' | 'stderr'): ChannelSwitches {
  return {
    captureMaxBytes: reader.value(`${channel}_capture_maxbytes`, byteSize, 0),
    eventsEnabled: reader.value(`${channel}_events_enabled`, yesOrNo, false),
  };
}

/**
 * The log of one channel of one process, with the warnings supervisord has for it.
 * Contract: CFG-116, CFG-117, CFG-186 to CFG-192.
 */
export function readChannel(
  reader: SectionReader,
  channel: 'stdout' | 'stderr',
  switches: ChannelSwitches,
  paths: PathContext,
): ChannelConfig {
  const option = `${channel}_logfile`;
  const word = readLogFile(reader, option, paths);
  const backups = reader.value(`${channel}_logfile_backups`, integer, 10);
  const maxBytes = reader.value(`${channel}_logfile_maxbytes`, byteSize, DEFAULT_MAX_BYTES);
  const syslog = reader.value(`${channel}_syslog`, yesOrNo, false);
  if (word.kind === 'syslog') noteDeprecatedSyslog(reader, channel);
  if (word.kind === 'auto' && maxBytes === 0) {
    reader.note(
      'warn',
      `For [${reader.section}], AUTO logging used for ${option} without rollover, set maxbytes > 0 to avoid filling up filesystem unintentionally`,
    );
  }
  const logFile: ChannelConfig['logFile'] = word.kind === 'syslog' ? { kind: 'none' } : word;
  return { logFile, maxBytes, backups, syslog: syslog || word.kind === 'syslog', ...switches };
}

/** stderr of a process that sends it to stdout: no file of its own. Contract: CFG-185. */
export function redirectedChannel(reader: SectionReader, stderr: ChannelConfig): ChannelConfig {
  const named = stderr.logFile.kind === 'file' || reader.raw('stderr_logfile') === '';
  if (named) {
    reader.note(
      'warn',
      `For [${reader.section}], redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored`,
    );
  }
  return { ...stderr, logFile: { kind: 'none' } };
}

/** The text is expanded twice, first as any option, then under its bare name, as supervisord does. */
function readLogFile(reader: SectionReader, option: string, paths: PathContext): LogFileWord {
  const once = reader.text(option);
  const twice = once?.includes('%') ? reader.expanded(option, once, option) : once;
  return twice === null ? { kind: 'auto' } : reader.take(option, logFileName(paths)(twice), { kind: 'auto' });
}

function logFileName(paths: PathContext): Reader<LogFileWord> {
  return (text) => {
    const word = text.toLowerCase();
    if (word === 'none' || word === 'off' || word === '') return good({ kind: 'none' });
    if (word === 'auto' || word === 'syslog') return good({ kind: word });
    const path = fileInExistingDirectory(paths)(text);
    return path.ok ? good({ kind: 'file', path: path.value }) : path;
  };
}

function noteDeprecatedSyslog(reader: SectionReader, channel: string): void {
  reader.note(
    'warn',
    `For [${reader.section}], ${channel}_logfile=syslog but this is deprecated and will be removed.  Use ${channel}_syslog=true to enable syslog instead.`,
  );
}
