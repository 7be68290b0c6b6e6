import { Readable, Writable } from 'node:stream';
import { runCli } from '../../src/cli/main.ts';
import type { Ran } from './supervisors.ts';

/** Runs the fleet command in this process, as a script would: nobody can be asked. */
export async function runCliHere(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  stdin = '',
): Promise<Pick<Ran, 'code' | 'out' | 'err'>> {
  const out = new Collected();
  const err = new Collected();
  const code = await runCli(words, {
    env,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: out,
    stderr: err,
  });
  return { out: out.text, err: err.text, code };
}

class Collected extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}
