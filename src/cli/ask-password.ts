import { CliFailure } from './failure.ts';
import type { CliIo } from './io.ts';

/** The password of a supervisord, from standard input or from the person; never from the command line. */
export async function askPassword(fromStdin: boolean, io: CliIo): Promise<string> {
  if (fromStdin) return io.readAll();
  if (io.canAsk) return (await io.askHidden('Password of that supervisord: ')) ?? '';
  throw new CliFailure('usage', 'nobody is here to be asked for the password', 'Give --password-stdin.');
}
