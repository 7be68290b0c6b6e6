import type { InputWish, SentInput } from '../../api/contract.ts';
import { CliFailure } from '../failure.ts';
import { oneLine } from '../terminal-text.ts';
import type { FleetVerb } from '../verb.ts';

/** Text for the stdin of one process. */
export const send: FleetVerb = {
  name: 'send',
  words: '<TARGET> [TEXT]',
  summary: 'send a line to the stdin of a process, or without TEXT what stands on standard input',
  examples: [
    'fleetvisor send web-01/console:console reload',
    'fleetvisor send web-01/console:console < commands.txt',
    "printf 'y' | fleetvisor send web-01/console:console",
  ],
  options: [['-n, --no-newline', 'send TEXT without a newline after it']],
  completes: 'targets',
  async run([target = '', ...words], given, { io, output, hub }) {
    const path = pathOf(target);
    const line = `${words.join(' ')}${given.newline === false ? '' : '\n'}`;
    const wish: InputWish = { text: words.length > 0 ? line : await io.readExactly() };
    if (wish.text === '')
      throw new CliFailure('usage', 'there is nothing to send', 'Give TEXT, or pipe it in.');
    const sent = await hub().post<SentInput>(path, wish);
    if (output === 'json') io.json(sent);
    else io.line(`${oneLine(target)}: sent ${sent.bytes} ${sent.bytes === 1 ? 'byte' : 'bytes'}`);
    return 'done';
  },
};

function pathOf(target: string): string {
  const slash = target.indexOf('/');
  const [host, namespec] = [target.slice(0, slash), target.slice(slash + 1)];
  if (slash <= 0 || namespec === '' || /[*?[]/.test(target))
    throw new CliFailure(
      'usage',
      `"${oneLine(target)}" does not name one process`,
      'Write HOST/GROUP:PROCESS, as in web-01/console:console.',
    );
  return `/processes/${encodeURIComponent(host)}/${encodeURIComponent(namespec)}/input`;
}
