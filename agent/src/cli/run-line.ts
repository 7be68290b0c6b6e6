import { nearestName } from '../config/nearest-name.ts';
import { EXIT, type ExitStatus } from './exit-status.ts';
import { jsonReport, textReport } from './report.ts';
import { HttpRefusal } from './server-faults.ts';
import { splitLine } from './split-line.ts';
import { adviceFor, unexpectedLine } from './unexpected.ts';
import type { Session, Verb } from './verb.ts';

/** A session before a line says how it wants its output. */
export interface LineContext extends Omit<Session, 'report' | 'flags'> {
  readonly json: boolean;
  readonly raw: boolean;
}

export interface LineOutcome {
  readonly exit: ExitStatus;
  /** The line asked to leave the shell. */
  readonly leave: boolean;
}

/**
 * Runs one command line; never throws. What a verb has no words for becomes supervisorctl's `error:` line.
 * Contract: CTL-006, CTL-016.
 */
export async function runLine(line: string, context: LineContext): Promise<LineOutcome> {
  const split = splitLine(line);
  if (split.kind === 'empty') return { exit: EXIT.success, leave: false };
  const verb = split.kind === 'verb' ? context.verbs.find(({ name }) => name === split.name) : undefined;
  const { flags, args } = takeFlags(split.args, verb);
  const json = context.json || flags.has('json');
  const raw = context.raw || flags.has('raw');
  const report = json ? jsonReport(context.io) : textReport(context.io, { raw });
  const session: Session = { ...context, report, flags };
  if (verb === undefined) {
    const says = `*** Unknown syntax: ${line.trim()}`;
    report.line(says, { error: says });
    const meant = nearestName(
      split.name,
      context.verbs.map(({ name }) => name),
    );
    context.io.hint(meant === null ? '"help" lists the commands' : `did you mean ${meant}?`);
    report.finish(split.name, EXIT.generic);
    return { exit: EXIT.generic, leave: false };
  }
  const exit = await runVerb(verb, args, session);
  report.finish(verb.name, exit);
  return { exit, leave: LEAVING.has(verb.name) };
}

const LEAVING: ReadonlySet<string> = new Set(['quit', 'exit', 'EOF']);

/** `--json` and `--raw` go with every verb, others with those that name them. All else stays an argument. */
function takeFlags(
  words: readonly string[],
  verb: Verb | undefined,
): { flags: Set<string>; args: readonly string[] } {
  const known = new Set(['json', 'raw', ...(verb?.flags ?? [])].map((flag) => `--${flag}`));
  return {
    flags: new Set(words.filter((word) => known.has(word)).map((word) => word.slice(2))),
    args: words.filter((word) => !known.has(word)),
  };
}

async function runVerb(verb: Verb, args: readonly string[], session: Session): Promise<ExitStatus> {
  try {
    return await verb.run(args, session);
  } catch (error) {
    if (error instanceof HttpRefusal && error.status === 401) return signIn(verb, args, session);
    return tellUnexpected(error, session);
  }
}

const WRONG_PASSWORD = 'the username or the password is not the right one';
const NO_PASSWORD = 'give them with -u and -p, or as username and password in [supervisorctl]';

/** Contract: CTL-013, CTL-014. */
async function signIn(verb: Verb, args: readonly string[], session: Session): Promise<ExitStatus> {
  session.report.line('Server requires authentication', { error: 'Server requires authentication' });
  if (!session.interactive) {
    session.io.hint(session.server.isSignedIn ? WRONG_PASSWORD : NO_PASSWORD);
    return EXIT.generic;
  }
  const username = await session.io.ask('Username:');
  const password = username === null ? null : await session.io.askHidden('Password:');
  if (username === null || password === null) return EXIT.generic;
  session.report.note('');
  session.server.signInAs({ username, password });
  return runVerb(verb, args, session);
}

function tellUnexpected(error: unknown, { report, io, server }: Session): ExitStatus {
  const says = unexpectedLine(error);
  report.line(says, { error: says });
  const advice = adviceFor(error, server.url);
  if (advice !== null) io.hint(advice);
  return EXIT.generic;
}
