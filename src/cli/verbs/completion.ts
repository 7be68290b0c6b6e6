import { COMPLETION_SCRIPTS, isShellName } from '../completion-scripts.ts';
import { completeWords } from '../completion-words.ts';
import { CliFailure } from '../failure.ts';
import { namesOf } from '../known-names.ts';
import { oneLine } from '../terminal-text.ts';
import type { FleetVerb } from '../verb.ts';

/** Prints a completion script, or, for those scripts, the words that may follow. `others` are all verbs but this. */
export function completionVerb(others: readonly FleetVerb[]): FleetVerb {
  const completion: FleetVerb = {
    name: 'completion',
    words: '<SHELL> [WORDS...]',
    summary: 'print a script that completes verbs, options, hosts and processes',
    examples: [
      'fleetvisor completion bash > /etc/bash_completion.d/fleetvisor',
      'fleetvisor completion zsh > /usr/local/share/zsh/site-functions/_fleetvisor',
      'fleetvisor completion fish > ~/.config/fish/completions/fleetvisor.fish',
    ],
    options: [],
    completes: 'none',
    async run([shell = '', ...words], _given, { io, hub }) {
      if (shell === 'words') {
        const known = namesOf(hub);
        for (const word of await completeWords(words, [...others, completion], known)) io.line(oneLine(word));
        return 'done';
      }
      if (!isShellName(shell)) {
        throw new CliFailure(
          'usage',
          `"${shell}" is no shell with completion here`,
          'Name bash, zsh or fish.',
        );
      }
      io.out(COMPLETION_SCRIPTS[shell]);
      return 'done';
    },
  };
  return completion;
}
