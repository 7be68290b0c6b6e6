import { checkConfig, checkLines } from '../config/check.ts';
import {
  type CommandLine,
  findConfigFile,
  parseCommandLine,
  SEARCHING_AS_ROOT,
} from '../config/command-line.ts';
import type { Parsed } from '../config/config.ts';
import { daemonHelp } from '../config/help.ts';
import { configReader, type LoadRequest } from '../config/load.ts';
import { realFiles } from '../config/real-files.ts';
import { realUsers } from '../config/real-users.ts';
import { SAMPLE_CONFIG } from '../config/sample.ts';
import { launchSoftNofile } from '../os/limits.ts';
import { keepHeapSmall } from '../os/small-heap.ts';
import { AGENT_VERSION } from '../version.ts';
import { backgroundMark, goToBackground } from './daemonise.ts';
import { runDaemon } from './run.ts';
import { stackOf } from './stack-of.ts';
import { UsageError } from './usage-error.ts';

/** Does what the command line says and answers the exit status: 2 for what its user can mend, 1 for a bug. Contract: CFG-004 to CFG-040, PROC-080. */
export async function main(args: readonly string[]): Promise<number> {
  keepHeapSmall();
  try {
    const line = orUsageError(parseCommandLine(args, paths()));
    return await MODES[line.mode](line);
  } catch (error) {
    if (!(error instanceof UsageError)) return sayBug(error);
    process.stderr.write(`Error: ${error.message}\nFor help, use ${argv0()} -h\n`);
    return 2;
  }
}

const MODES: Record<CommandLine['mode'], (line: CommandLine) => number | Promise<number>> = {
  help: () => print(daemonHelp(argv0())),
  version: () => print(`${AGENT_VERSION}\n`),
  check,
  sample: () => print(SAMPLE_CONFIG),
  run,
};

function check(line: CommandLine): number {
  const report = checkConfig(loadRequest(line));
  print(`${checkLines(report).join('\n')}\n`);
  return report.exitStatus;
}

async function run(line: CommandLine): Promise<number> {
  const background = backgroundMark(process.env);
  const launchNofile = background?.launchNofile ?? launchSoftNofile();
  const readConfig = configReader(loadRequest(line));
  const config = orUsageError(readConfig());
  if (!config.daemon.foreground && background === null) return goToBackground(launchNofile);
  await runDaemon({
    config,
    launchNofile,
    inBackground: background !== null,
    version: AGENT_VERSION,
    readConfig,
  });
  return 0;
}

/** The files as they stand at each reading, seen from where the daemon was started. */
function loadRequest(line: CommandLine): LoadRequest {
  if (line.configPath === null && process.getuid?.() === 0) process.stderr.write(`${SEARCHING_AS_ROOT}\n`);
  const { cwd, env } = paths();
  const path = line.configPath ?? orUsageError(findConfigFile(argv0(), { files: realFiles, cwd }));
  return { path, overrides: line, env, cwd, files: realFiles, users: realUsers() };
}

/** One line: where there is a main log, it has the stack. */
function sayBug(error: unknown): number {
  const [says, place] = stackOf(error).split('\n', 2);
  process.stderr.write(
    `Error: unexpected error, supervisord ends: ${says} (${place?.trim() ?? 'no stack'})\n`,
  );
  return 1;
}

function paths() {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  return { cwd: process.cwd(), env, files: realFiles, users: realUsers() };
}

function argv0(): string {
  return process.argv[1] ?? 'fleetvisord';
}

function orUsageError<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new UsageError(parsed.problems[0].says);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
