import { quoted } from './python-text.ts';
import { good, type Reading, wrong } from './reading.ts';
import { shellTokens, UnfinishedText } from './shell-lexer.ts';

/**
 * Splits a program's command into words, without a shell: quotes and backslash work, nothing else does.
 * The fault's text is the spawnerr of a command that cannot be split, or that has no word.
 * Contract: PROC-019, PROC-022. Source: Python's shlex.split.
 */
export function splitCommand(command: string): Reading<readonly [string, ...string[]]> {
  const words = commandWords(command);
  if (!words.ok) return words;
  const [program, ...rest] = words.value;
  return program === undefined
    ? wrong('command is empty', 'name a program to run')
    : good([program, ...rest]);
}

function commandWords(command: string): Reading<string[]> {
  try {
    return good(shellTokens(command, { wordCharacters: null, comments: false }));
  } catch (error) {
    if (!(error instanceof UnfinishedText)) throw error;
    return wrong(
      `can't parse command ${quoted(command)}: ${error.message}`,
      'close the quotation; a ; or # after a blank cuts the line even inside quotes',
    );
  }
}
