import { userOf } from './accounts.ts';
import { readChannel, readChannelSwitches, redirectedChannel } from './channel-section.ts';
import type { FcgiSocketConfig, ProcessConfig } from './config.ts';
import { environmentPairs } from './environment.ts';
import { Names } from './expansion.ts';
import { shownOrigin } from './findings.ts';
import type { Loading } from './loading.ts';
import { byCodePoint, quoted } from './python-text.ts';
import { SectionReader } from './section-reader.ts';
import { signalNumber } from './stop-signal.ts';
import {
  autoRestart,
  exitCodes,
  integer,
  octal,
  processOrGroupName,
  secondsToMs,
  yesOrNo,
} from './values.ts';

/** More processes in one program than any host runs; refused rather than built until memory ends. */
const MOST_PROCESSES = 100_000;

/** Which processes a program-like section gives, and in what role. */
export interface ProgramRequest {
  readonly section: string;
  readonly group: string;
  readonly kind: ProcessConfig['kind'];
  readonly fcgiSocket: FcgiSocketConfig | null;
}

/** What all processes of one section share; read before the first of them. Contract: CFG-082. */
type SharedOptions = Omit<
  ProcessConfig,
  'name' | 'command' | 'environment' | 'directory' | 'stdout' | 'stderr'
> & {
  readonly stdoutSwitches: ReturnType<typeof readChannelSwitches>;
  readonly stderrSwitches: ReturnType<typeof readChannelSwitches>;
  readonly numProcs: number;
  readonly numProcsStart: number;
  readonly environmentText: string;
  readonly processName: string;
};

/**
 * The processes of one `[program:x]`, `[fcgi-program:x]` or `[eventlistener:x]`, by priority and name.
 * Contract: CFG-168 to CFG-197, CFG-081, CFG-084. Source: supervisord's order of reading, problem by problem.
 */
export function readProgram(request: ProgramRequest, loading: Loading): ProcessConfig[] {
  const { section, group } = request;
  const file = loading.document.sections.get(section)?.origin.file ?? loading.mainFile;
  const suffix = ` in section ${quoted(section)} (file: ${quoted(file)})`;
  const program = readProgramName(request, loading, suffix);
  const names = new Names(loading.environmentNames, {
    here: loading.here,
    program_name: program,
    host_node_name: loading.nodeName,
    group_name: group,
  });
  const reader = new SectionReader(section, loading.document, loading.findings, names, suffix);
  const shared = readShared(reader, request, program, loading);
  const before = reader.problemCount();
  const processes: ProcessConfig[] = [];
  for (let number = shared.numProcsStart; number < shared.numProcsStart + shared.numProcs; number += 1) {
    const own = new Names(names, { process_num: number, numprocs: shared.numProcs });
    processes.push(readProcess(reader.with(own), own, shared, loading));
    if (reader.problemCount() > before) break; // the others have the same
  }
  return processes.sort((a, b) => byCodePoint(a.name, b.name));
}

function readProgramName(
  { section }: ProgramRequest,
  { document, findings }: Loading,
  suffix: string,
): string {
  const name = section.slice(section.indexOf(':') + 1);
  const reader = new SectionReader(section, document, findings, new Names(null), suffix);
  return reader.take('', processOrGroupName(name), name);
}

function readShared(
  reader: SectionReader,
  request: ProgramRequest,
  program: string,
  { paths }: Loading,
): SharedOptions {
  const { group, kind, fcgiSocket } = request;
  const priority = reader.value('priority', integer, 999);
  const autostart = reader.value('autostart', yesOrNo, true);
  const autorestart = reader.value('autorestart', autoRestart, 'unexpected');
  const startMs = reader.value('startsecs', secondsToMs, 1000);
  const startRetries = reader.value('startretries', integer, 3);
  const stopSignal = reader.value('stopsignal', signalNumber, 15);
  const stopWaitMs = reader.value('stopwaitsecs', secondsToMs, 10_000);
  const stopAsGroup = reader.value('stopasgroup', yesOrNo, false);
  const killAsGroup = reader.value('killasgroup', yesOrNo, stopAsGroup);
  const codes = reader.value('exitcodes', exitCodes, [0]);
  const redirectStderr = reader.value('redirect_stderr', yesOrNo, false);
  const numProcs = reader.value('numprocs', integer, 1);
  const numProcsStart = reader.value('numprocs_start', integer, 0);
  const environmentText = reader.raw('environment') ?? '';
  const stdoutSwitches = readChannelSwitches(reader, 'stdout');
  const stderrSwitches = readChannelSwitches(reader, 'stderr');
  const serverUrl = reader.text('serverurl');
  const user = reader.value('user', userOf(paths.users), null);
  const umask = reader.value('umask', octal, null);
  const writtenName = reader.raw('process_name') ?? '%(program_name)s';
  const processName = reader.take('process_name', processOrGroupName(writtenName), program);
  checkNumber(reader, numProcs, processName);
  if (stopAsGroup && !killAsGroup) {
    const hint = 'drop killasgroup, it follows stopasgroup';
    reader.complain('killasgroup', { says: 'Cannot set stopasgroup=true and killasgroup=false', hint });
  }
  return {
    ...{ group, program, kind, fcgiSocket, where: shownOrigin(reader.origin()) },
    ...{
      priority,
      autostart,
      autorestart,
      startMs,
      startRetries,
      exitCodes: codes,
      redirectStderr,
      user,
      umask,
    },
    ...{ stopSignal, stopWaitMs, stopAsGroup, killAsGroup, stdoutSwitches, stderrSwitches, environmentText },
    ...{ numProcs: numProcs > MOST_PROCESSES ? 0 : numProcs, numProcsStart, processName },
    serverUrl: isAuto(serverUrl) ? null : serverUrl,
    serverUrlDerived: isAuto(serverUrl),
  };
}

function checkNumber(reader: SectionReader, numProcs: number, processName: string): void {
  if (numProcs > 1 && !processName.includes('%(process_num)')) {
    reader.complain('process_name', {
      says: '%(process_num) must be present within process_name when numprocs > 1',
      hint: 'set process_name=%(program_name)s_%(process_num)02d',
    });
  }
  if (numProcs > MOST_PROCESSES) {
    reader.complain('numprocs', { says: `numprocs ${numProcs} is above upper bound (${MOST_PROCESSES})` });
  }
}

function readProcess(
  reader: SectionReader,
  names: Names,
  shared: SharedOptions,
  { paths }: Loading,
): ProcessConfig {
  const {
    stdoutSwitches,
    stderrSwitches,
    numProcs,
    numProcsStart,
    environmentText,
    processName,
    ...options
  } = shared;
  const environment = readEnvironment(reader, environmentText);
  names.setEnvironment(environment);
  const directory = reader.text('directory');
  const stdout = readChannel(reader, 'stdout', stdoutSwitches, paths);
  const stderr = readChannel(reader, 'stderr', stderrSwitches, paths);
  const command = reader.text('command');
  if (reader.raw('command') === null) {
    const says = `program section ${reader.section} does not specify a command`;
    reader.complain('command', { says, hint: 'add command=' });
  }
  return {
    ...options,
    name: reader.expanded('process_name', processName, 'process_name') ?? shared.program,
    command: command ?? '',
    environment,
    directory,
    stdout,
    stderr: options.redirectStderr ? redirectedChannel(reader, stderr) : stderr,
  };
}

function readEnvironment(reader: SectionReader, text: string): Readonly<Record<string, string>> {
  const expanded = reader.expanded('environment', text, 'environment');
  return expanded === null ? {} : reader.take('environment', environmentPairs(expanded), {});
}

function isAuto(url: string | null): boolean {
  return url === null || url.trim().toUpperCase() === 'AUTO';
}
