#!/usr/bin/env node
import type { PathContext } from '../config/paths.ts';
import { realFiles } from '../config/real-files.ts';
import { realUsers } from '../config/real-users.ts';
import { systemClock } from '../os/clock.ts';
import { AGENT_VERSION } from '../version.ts';
import { EXIT } from './exit-status.ts';
import { loadHistory, saveHistory } from './history.ts';
import { type CtlOptions, parseOptions } from './options.ts';
import { type LineContext, runLine } from './run-line.ts';
import { Server } from './server.ts';
import { readSettings } from './settings.ts';
import { runShell, shellCompleter } from './shell.ts';
import { TerminalIo } from './terminal-io.ts';
import { USAGE } from './usage.ts';
import { VERBS } from './verbs.ts';

const NAME = 'fleetvisorctl';
const PROGRAM = process.argv[1] ?? NAME;

/** Reads the command line and the file, runs one line or a shell, and leaves its exit status behind. */
async function main(): Promise<void> {
  const io = new TerminalIo(process);
  const parsed = parseOptions(process.argv.slice(2));
  if (!parsed.ok) return refuse(parsed.problems[0].says, io);
  const options = parsed.value;
  if (options.help) return io.out(USAGE.replaceAll('%s', PROGRAM));
  if (options.version) return io.out(`${AGENT_VERSION}\n`);
  const paths: PathContext = {
    cwd: process.cwd(),
    env: definedOnly(process.env),
    files: realFiles,
    users: realUsers(),
  };
  const settings = readSettings(options, PROGRAM, paths);
  if (!settings.ok) return refuse(settings.problems[0].says, io);
  const { serverUrl, username, password, prompt, historyFile, unloadable } = settings.value;
  for (const section of unloadable)
    io.err(`Warning: [${section}] is left out: plugins are Python, which ${NAME} cannot load\n`);
  if (settings.value.exposed !== null) io.hint(settings.value.exposed);
  const server = new Server(serverUrl, { username, password });
  const context = contextFor(options, server, io);
  if (options.line === '') await shell(prompt, historyFile, context, io);
  else process.exitCode = (await runLine(options.line, context)).exit;
  io.close();
  server.close();
}

/** `-i` together with an action opens no shell, but its dangerous verbs ask. Contract: CFG-048, CFG-049. */
function contextFor(options: CtlOptions, server: Server, io: TerminalIo): LineContext {
  return {
    server,
    io,
    clock: systemClock,
    interactive: options.line === '' || options.interactive,
    verbs: VERBS,
    json: options.json,
    raw: options.raw,
  };
}

async function shell(
  prompt: string,
  historyFile: string | null,
  context: LineContext,
  io: TerminalIo,
): Promise<void> {
  const history = loadHistory(historyFile);
  const completer = shellCompleter(context);
  io.helpWith({
    complete: completer.complete,
    history,
    typed: (line) => {
      history.push(line);
      completer.forget();
    },
  });
  await runShell(prompt, context);
  saveHistory(historyFile, history);
}

/** Contract: CFG-004. */
function refuse(says: string, io: TerminalIo): void {
  io.err(`Error: ${says}\nFor help, use ${PROGRAM} -h\n`);
  process.exitCode = EXIT.invalidArguments;
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** Whoever read our output has gone: there is nobody to tell anything. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.generic);
  throw error;
});

await main();
