import type { Clock } from '../os/clock.ts';
import type { ExitStatus } from './exit-status.ts';
import type { Io } from './io.ts';
import type { Report } from './report.ts';
import type { Server } from './server.ts';

/** Everything a verb works with. */
export interface Session {
  readonly server: Server;
  readonly report: Report;
  readonly io: Io;
  readonly clock: Clock;
  /** A person is at the prompt: dangerous verbs ask, a 401 asks for a login. */
  readonly interactive: boolean;
  /** Long options of ours found in the line, without their dashes: `watch`. */
  readonly flags: ReadonlySet<string>;
  /** The verbs there are: `help` and completion speak about them all. */
  readonly verbs: readonly Verb[];
}

export type Candidates = 'processes' | 'groups' | 'verbs' | 'none';

/** One command of the ctl. */
export interface Verb {
  readonly name: string;
  /** What `help NAME` prints. */
  readonly usage: readonly string[];
  /** What its words complete to. */
  readonly completes: Candidates;
  /** Options beyond supervisorctl's that it takes, besides `--json` and `--raw`. */
  readonly flags?: readonly string[];
  /** Left out of the list of commands, which is supervisorctl's; `beyond`: an addition, told to a person only. */
  readonly unlisted?: true | 'beyond';
  /** `args` are the words after the name. Faults it has no words for are thrown. */
  run(args: readonly string[], session: Session): Promise<ExitStatus>;
}

/** Prints what is wrong with the words of a line, then how the verb is used. */
export function refuseWords(verb: Verb, says: string, { report }: Session): void {
  report.line(says, { error: says });
  for (const line of verb.usage) report.note(line);
}
