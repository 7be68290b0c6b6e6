import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestHub } from './hub.ts';
import { type Lifetime, type Ran, run, tempDir } from './supervisors.ts';

/** A scratch root on which the script that a hub serves is run. */
export interface ScratchHost {
  readonly root: string;
  /** Runs the served script with `--prefix root` and these words. */
  install(...words: string[]): Promise<Ran>;
  /** The same with a script and an environment of one's own. */
  sh(script: string, words: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran>;
  write(path: string, text: string): string;
  read(path: string): string;
  /** Every file below the root, without those of the unpacked agent. */
  files(): string[];
  ctl(...words: string[]): Promise<Ran>;
}

export async function servedScript(hub: TestHub): Promise<string> {
  const answer = await hub.raw('GET', '/install');
  if (!answer.ok) throw new Error(`GET /install: ${answer.status} ${await answer.text()}`);
  return answer.text();
}

/** Where the agent that the script started is stopped when the test ends. */
export async function scratchHost(t: Lifetime, hub: TestHub): Promise<ScratchHost> {
  const root = tempDir(t);
  const script = await servedScript(hub);
  const sh: ScratchHost['sh'] = (text, words, env = process.env) =>
    run(['sh', '-s', '--', '--prefix', root, ...words], { cwd: '/', input: text, env, timeoutMs: 90_000 });
  t.onTestFinished(async () => {
    await sh(script, ['--uninstall']);
  });
  return {
    root,
    sh,
    install: (...words) => sh(script, words),
    write(path, text) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text.replaceAll('{root}', root));
      return file;
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    files: () =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .filter((path) => !/^opt\/fleetvisor\/[^/]+\/./.test(path))
        .sort(),
    ctl: (...words) => run([join(root, 'usr/local/bin/fleetvisorctl'), ...words]),
  };
}

export async function joinToken(hub: TestHub, uses = 1): Promise<string> {
  return (await hub.ask('POST', '/join-tokens', { uses })).body.token;
}
