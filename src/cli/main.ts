import { CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { systemClock } from '../clock.ts';
import { findLogin, type LoginWish } from './credentials.ts';
import { type ExitName, exitStatus } from './exit-status.ts';
import { CliFailure } from './failure.ts';
import { HubApi, LOST_CODES } from './hub-api.ts';
import { CliIo, type CliStreams, type NotesAs } from './io.ts';
import { makeProgram } from './program.ts';
import { type CliContext, type Given, textOption } from './verb.ts';
import { FLEET_VERBS } from './verbs.ts';

/** Runs one command of the fleet CLI; `argv` are the words after `fleetvisor`. Resolves with its exit status. */
export async function runCli(argv: readonly string[], streams: CliStreams): Promise<number> {
  endWithReader(streams.stdout);
  return exitStatus(await runWords(argv, streams, {}));
}

/** `login` goes before what the words say of it. */
async function runWords(
  argv: readonly string[],
  streams: CliStreams,
  login: Partial<LoginWish>,
): Promise<ExitName> {
  let exit: ExitName = 'done';
  const notes = notesAs(argv);
  const io = new CliIo(streams, notes);
  // What commander has to say of a command line is told as every other error where it is read by a program.
  const err = (text: string): void => (notes === 'json' ? undefined : io.note(text.trimEnd()));
  const write = { out: (text: string) => io.out(text), err };
  const program = makeProgram(FLEET_VERBS, manifest.version, write, async (verb, words, given) => {
    exit = await verb.run(words, given, contextFor(given, io, streams, login));
  });
  try {
    await program.parseAsync([...(argv.length === 0 ? ['--help'] : argv)], { from: 'user' });
    return exit;
  } catch (error) {
    return tell(error, io, notes);
  }
}

/** Known before the command line is read: it may be what is wrong. */
function notesAs(argv: readonly string[]): NotesAs {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json') ? 'json' : 'words';
}

/** Whoever read our output has gone, as after `| head`: there is nobody to tell anything. */
function endWithReader(stdout: CliStreams['stdout']): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitStatus('done'));
    throw error;
  });
}

function contextFor(given: Given, io: CliIo, streams: CliStreams, before: Partial<LoginWish>): CliContext {
  const login: LoginWish = {
    hub: textOption(given, 'hub') ?? before.hub,
    tokenFile: textOption(given, 'tokenFile') ?? before.tokenFile,
  };
  let api: HubApi | null = null;
  return {
    io,
    clock: systemClock,
    login,
    output: given.json === true ? 'json' : 'text',
    hub: () => {
      api ??= new HubApi(findLogin(login, io.env), systemClock);
      return api;
    },
    runWords: (words) => runWords(words, streams, login),
  };
}

/** The one place where what went wrong becomes words and a status. Anything unforeseen is a bug and keeps its stack. */
function tell(error: unknown, io: CliIo, notes: NotesAs): ExitName {
  if (error instanceof CommanderError) return tellUsage(error, io, notes);
  const failure = error instanceof CliFailure ? error : lostConnection(error);
  if (failure === null) throw error;
  const { message, mend, problem, exit } = failure;
  io.tell({
    error: message,
    ...(mend === '' ? {} : { mend }),
    ...(problem === '' ? {} : { problem }),
    status: exitStatus(exit),
  });
  return exit;
}

/** In words commander has said it already. */
function tellUsage({ exitCode, message }: CommanderError, io: CliIo, notes: NotesAs): ExitName {
  if (exitCode === 0) return 'done';
  const mend = 'See: fleetvisor --help';
  if (notes === 'json')
    io.tell({ error: message.replace(/^error: /, ''), mend, status: exitStatus('usage') });
  return 'usage';
}

function lostConnection(error: unknown): CliFailure | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!LOST_CODES.has(code)) return null;
  return new CliFailure('hubUnreachable', 'the connection to the hub was lost', 'See: fleetvisor actions');
}
