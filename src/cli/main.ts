import { CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { systemClock } from '../clock.ts';
import { findLogin, type LoginWish } from './credentials.ts';
import { type ExitName, exitStatus } from './exit-status.ts';
import { CliFailure } from './failure.ts';
import { HubApi } from './hub-api.ts';
import { CliIo, type CliStreams } from './io.ts';
import { makeProgram } from './program.ts';
import { type CliContext, type Given, textOption } from './verb.ts';
import { FLEET_VERBS } from './verbs.ts';

/** Runs one command of the fleet CLI; `argv` are the words after `fleetvisor`. Resolves with its exit status. */
export async function runCli(argv: readonly string[], streams: CliStreams): Promise<number> {
  endWithReader(streams.stdout);
  return exitStatus(await runWords(argv, new CliIo(streams), {}));
}

/** `login` goes before what the words say of it. */
async function runWords(argv: readonly string[], io: CliIo, login: Partial<LoginWish>): Promise<ExitName> {
  let exit: ExitName = 'done';
  const write = { out: (text: string) => io.out(text), err: (text: string) => io.note(text.trimEnd()) };
  const program = makeProgram(FLEET_VERBS, manifest.version, write, async (verb, words, given) => {
    exit = await verb.run(words, given, contextFor(given, io, login));
  });
  try {
    await program.parseAsync([...(argv.length === 0 ? ['--help'] : argv)], { from: 'user' });
    return exit;
  } catch (error) {
    return tell(error, io);
  }
}

/** Whoever read our output has gone, as after `| head`: there is nobody to tell anything. */
function endWithReader(stdout: CliStreams['stdout']): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitStatus('done'));
    throw error;
  });
}

function contextFor(given: Given, io: CliIo, before: Partial<LoginWish>): CliContext {
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
    runWords: (words) => runWords(words, io, login),
  };
}

/** The one place where what went wrong becomes words and a status. Anything unforeseen is a bug and keeps its stack. */
function tell(error: unknown, io: CliIo): ExitName {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'done' : 'usage';
  const failure = error instanceof CliFailure ? error : lostConnection(error);
  if (failure === null) throw error;
  io.note(`fleetvisor: ${failure.message}`);
  if (failure.mend !== '') io.note(`  ${failure.mend}`);
  return failure.exit;
}

const LOST = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE']);

function lostConnection(error: unknown): CliFailure | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!LOST.has(code)) return null;
  return new CliFailure('hubUnreachable', 'the connection to the hub was lost', 'See: fleetvisor actions');
}
