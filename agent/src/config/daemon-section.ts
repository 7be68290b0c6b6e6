import type { DaemonConfig } from './config.ts';
import { environmentPairs } from './environment.ts';
import { existingDirectory, fileInExistingDirectory, type PathContext, temporaryDirectory } from './paths.ts';
import { good, type Reader } from './reading.ts';
import type { SectionReader } from './section-reader.ts';
import { byteSize, integer, logLevel, octal, yesOrNo } from './values.ts';

const asWritten: Reader<string> = (text) => good(text);

/** `[supervisord]` as written: `user` still a text, paths not yet absolute, the command line not yet laid over it. */
export type DaemonSection = Omit<DaemonConfig, 'user' | 'logFile' | 'logToSyslog'> & {
  readonly user: string | null;
  readonly logFile: string;
};

/** `environment` may use more names than the other options (VER-006), so it has a reader of its own. */
export interface DaemonReaders {
  readonly options: SectionReader;
  readonly environment: SectionReader;
}

/**
 * Reads the section in supervisord's order, so that the first problem is the one it would name.
 * Contract: CFG-133 to CFG-149.
 */
export function readDaemonSection(
  { options, environment }: DaemonReaders,
  context: PathContext,
): DaemonSection {
  const directory = existingDirectory(context);
  const file = fileInExistingDirectory(context);
  return {
    minFds: options.value('minfds', integer, 1024),
    minProcs: options.value('minprocs', integer, 200),
    directory: options.value('directory', directory, null),
    user: options.value('user', asWritten, null),
    umask: options.value('umask', octal, 0o022),
    logFile: options.value('logfile', file, 'supervisord.log'),
    logMaxBytes: options.value('logfile_maxbytes', byteSize, 50 * 1024 * 1024),
    logBackups: options.value('logfile_backups', integer, 10),
    logLevel: options.value('loglevel', logLevel, 'info'),
    pidFile: options.value('pidfile', file, 'supervisord.pid'),
    identifier: options.value('identifier', asWritten, 'supervisor'),
    foreground: options.value('nodaemon', yesOrNo, false),
    silent: options.value('silent', yesOrNo, false),
    childLogDir: options.value('childlogdir', directory, temporaryDirectory(context)),
    keepAutoLogs: options.value('nocleanup', yesOrNo, false),
    stripAnsi: options.value('strip_ansi', yesOrNo, false),
    environment: readEnvironment(environment),
  };
}

function readEnvironment(reader: SectionReader): Readonly<Record<string, string>> {
  const text = reader.expanded('environment', reader.raw('environment') ?? '', 'environment');
  return text === null ? {} : reader.take('environment', environmentPairs(text), {});
}
