import { quoted } from '../../config/python-text.ts';
import { type Channel, FAULT_CODES } from '../../protocol/index.ts';
import { plainText } from '../answers.ts';
import { EXIT } from '../exit-status.ts';
import { followLog, logPath } from '../follow-log.ts';
import { checkServer } from '../server-check.ts';
import { whenFault } from '../server-faults.ts';
import { parseAmount, type TailAmount } from '../tail-amount.ts';
import { refuseWords, type Session, type Verb } from '../verb.ts';

const READ_METHODS = { stdout: 'readProcessStdoutLog', stderr: 'readProcessStderrLog' } as const;

const FAULT_WORDS: Record<number, string> = {
  [FAULT_CODES.NO_FILE]: 'no log file',
  [FAULT_CODES.FAILED]: 'unknown error reading log',
  [FAULT_CODES.BAD_NAME]: 'no such process name',
};

interface Wanted {
  readonly name: string;
  readonly channel: Channel;
  readonly amount: TailAmount;
}

type Words =
  | { readonly kind: 'wanted'; readonly wanted: Wanted }
  /** Contract: CTL-053. `help`: whether the usage goes with it. */
  | { readonly kind: 'refused'; readonly says: string; readonly help: 'with' | 'without' };

/** The end of a process's log, or the log as it grows. Contract: CTL-051 to CTL-056. */
export const tail: Verb = {
  name: 'tail',
  usage: [
    'tail [-f] <name> [stdout|stderr] (default stdout)',
    'Ex:',
    'tail -f <name>\t\tContinuous tail of named process stdout',
    '\t\t\tCtrl-C to exit.',
    'tail -100 <name>\tlast 100 *bytes* of process stdout',
    'tail <name> stderr\tlast 1600 *bytes* of process stderr',
  ],
  completes: 'processes',
  async run(args, session) {
    const exit = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    const words = readWords(args);
    if (words.kind === 'wanted') return show(words.wanted, session);
    if (words.help === 'with') refuseWords(tail, words.says, session);
    else session.report.line(words.says, { error: words.says });
    return EXIT.generic;
  },
};

function readWords(args: readonly string[]): Words {
  if (args.length < 1) return refused('Error: too few arguments', 'with');
  if (args.length > 3) return refused('Error: too many arguments', 'with');
  const modifier = args[0]?.startsWith('-') ? args[0] : null;
  const words = modifier === null ? args : args.slice(1);
  const name = words[0];
  if (name === undefined) return refused('Error: tail requires process name', 'without');
  const channel = words.length === 1 ? 'stdout' : (words.at(-1) ?? '').toLowerCase();
  if (channel !== 'stdout' && channel !== 'stderr') {
    return refused(`Error: bad channel ${quoted(channel)}`, 'without');
  }
  const amount = parseAmount(modifier);
  if (amount === null) return refused(`Error: bad argument ${modifier}`, 'without');
  return { kind: 'wanted', wanted: { name, channel, amount } };
}

function refused(says: string, help: 'with' | 'without'): Words {
  return { kind: 'refused', says, help };
}

async function show({ name, channel, amount }: Wanted, session: Session) {
  if (amount.kind === 'follow')
    return followLog(logPath(name, channel), `/logtail/${name}/${channel}`, session);
  try {
    const answer = await session.server.call(READ_METHODS[channel], name, -amount.bytes, 0);
    session.report.line(plainText(answer), { name, channel, text: answer });
    return EXIT.success;
  } catch (error) {
    const code = whenFault(error, ...Object.keys(FAULT_WORDS).map(Number));
    session.report.line(`${name}: ERROR (${FAULT_WORDS[code]})`, { name, error: FAULT_WORDS[code] });
    return EXIT.generic;
  }
}
