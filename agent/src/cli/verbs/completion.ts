import { list, processRow } from '../answers.ts';
import { completeLine } from '../candidates.ts';
import { COMPLETION_SCRIPTS, isShellName } from '../completion-scripts.ts';
import { EXIT } from '../exit-status.ts';
import { typedName } from '../split-line.ts';
import { refuseWords, type Verb } from '../verb.ts';

/** Prints a completion script, or, for those scripts, the words a line may go on with. */
export const completion: Verb = {
  name: 'completion',
  usage: [
    'completion bash|zsh|fish\tPrint a script that completes commands and process names',
    'Ex:',
    'fleetvisorctl completion bash > /etc/bash_completion.d/fleetvisorctl',
    'fleetvisorctl completion zsh > /usr/local/share/zsh/site-functions/_fleetvisorctl',
    'fleetvisorctl completion fish > ~/.config/fish/completions/fleetvisorctl.fish',
  ],
  completes: 'none',
  unlisted: 'beyond',
  async run([what = '', ...words], session) {
    const { server, report, verbs } = session;
    if (what === 'words') {
      const fetch = async () => list(await server.call('getAllProcessInfo').catch(() => [])).map(processRow);
      const found = await completeLine(words.map(typedName).join(' ').replace(/\.$/, ''), verbs, fetch);
      for (const word of found.words) report.line(word, word);
      return EXIT.success;
    }
    if (!isShellName(what)) {
      refuseWords(completion, `Error: completion knows bash, zsh and fish, not '${what}'`, session);
      return EXIT.invalidArguments;
    }
    report.line(COMPLETION_SCRIPTS[what], { shell: what, script: COMPLETION_SCRIPTS[what] });
    return EXIT.success;
  },
};
