import { list, processRow } from './answers.ts';
import { completeLine, type KnownProcess } from './candidates.ts';
import { type LineContext, runLine } from './run-line.ts';

/**
 * Reads command lines until the end of input, Ctrl-C or `quit`; shows the status first.
 * Contract: CTL-088, CTL-089.
 */
export async function runShell(prompt: string, context: LineContext): Promise<void> {
  await runLine('status', context);
  for (;;) {
    const line = await context.io.askCommand(`${prompt}> `);
    const { leave } = await runLine(line ?? 'EOF', context);
    if (leave) return;
  }
}

/** Completes lines for the shell; asks the server once per command line. Contract: CTL-092, CTL-093. */
export function shellCompleter({ server, verbs }: LineContext): {
  complete(line: string): Promise<[words: string[], fragment: string]>;
  forget(): void;
} {
  let known: Promise<readonly KnownProcess[]> | null = null;
  const fetch = (): Promise<readonly KnownProcess[]> => {
    known ??= server.call('getAllProcessInfo').then(
      (value) => list(value).map(processRow),
      () => [], // no server, no names: the prompt must not break over a Tab
    );
    return known;
  };
  return {
    complete: async (line) => {
      const { fragment, words } = await completeLine(line, verbs, fetch);
      return [words.map((word) => `${word} `), fragment];
    },
    forget: () => {
      known = null;
    },
  };
}
