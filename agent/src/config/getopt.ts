import { good, type Reading, wrong } from './reading.ts';

/** One option as it was given: `-n` or `--nodaemon` in full, and its argument. */
export interface GivenOption {
  readonly option: string;
  readonly argument: string;
}

export interface Grammar {
  /** Letters; a `:` after one says it takes an argument. */
  readonly short: string;
  /** Names; a `=` at the end says it takes an argument. */
  readonly long: readonly string[];
  /** Names without an argument that may not be shortened. */
  readonly inFull?: readonly string[];
}

type Step = Reading<{ readonly given: readonly GivenOption[]; readonly used: number }>;

/**
 * Options up to the first word that is none, and the words after. Short options may be bundled, long ones
 * shortened to a unique beginning. Faults have getopt's texts. Contract: CFG-014.
 */
export function getopt(
  args: readonly string[],
  grammar: Grammar,
): Reading<{ options: GivenOption[]; rest: string[] }> {
  const options: GivenOption[] = [];
  let at = 0;
  for (let word = args[at]; word?.startsWith('-') && word !== '-'; word = args[at]) {
    if (word === '--') {
      at += 1;
      break;
    }
    const step = word.startsWith('--')
      ? longOption(word.slice(2), args[at + 1], grammar)
      : bundle(word.slice(1), args[at + 1], grammar);
    if (!step.ok) return step;
    options.push(...step.value.given);
    at += step.value.used;
  }
  return good({ options, rest: args.slice(at) });
}

function longOption(text: string, next: string | undefined, { long, inFull }: Grammar): Step {
  if (inFull?.includes(text)) return good({ given: [{ option: `--${text}`, argument: '' }], used: 1 });
  const equals = text.indexOf('=');
  const typed = equals < 0 ? text : text.slice(0, equals);
  const attached = equals < 0 ? null : text.slice(equals + 1);
  const candidates = long.filter((name) => name.startsWith(typed));
  const exact = candidates.find((name) => name === typed || name === `${typed}=`);
  if (exact === undefined && candidates.length > 1) return wrong(`option --${typed} not a unique prefix`);
  const name = exact ?? candidates[0];
  if (name === undefined) return wrong(`option --${typed} not recognized`);
  const option = `--${name.replace(/=$/, '')}`;
  if (!name.endsWith('=')) {
    if (attached !== null) return wrong(`option ${option} must not have an argument`);
    return good({ given: [{ option, argument: '' }], used: 1 });
  }
  if (attached !== null) return good({ given: [{ option, argument: attached }], used: 1 });
  if (next === undefined) return wrong(`option ${option} requires argument`);
  return good({ given: [{ option, argument: next }], used: 2 });
}

function bundle(letters: string, next: string | undefined, { short }: Grammar): Step {
  const given: GivenOption[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? '';
    const place = letter === ':' ? -1 : short.indexOf(letter);
    if (place < 0) return wrong(`option -${letter} not recognized`);
    const option = `-${letter}`;
    if (short[place + 1] !== ':') {
      given.push({ option, argument: '' });
      continue;
    }
    const attached = letters.slice(at + 1);
    if (attached === '' && next === undefined) return wrong(`option ${option} requires argument`);
    given.push({ option, argument: attached || (next ?? '') });
    return good({ given, used: attached === '' ? 2 : 1 });
  }
  return good({ given, used: 1 });
}
