import type { Letter } from './glob.ts';
import type { Parsed, Problem } from './problem.ts';
import {
  at,
  indexOf,
  LONGEST,
  plainText,
  readLetters,
  readTerm,
  type Selector,
  splitWords,
  type Term,
  wrong,
} from './selector.ts';

/**
 * A selector of hosts, for verbs over whole supervisors: `web-01`, `web*`, `#prod`, `env=stage`, `*`, several parted
 * by spaces or commas. `web-01/*` is the same as `web-01`; anything that names single processes is refused.
 */
export function parseHostSelector(text: string): Parsed<Selector> {
  if (text.length > LONGEST)
    return wrong([{ where: 'selector', says: `is longer than ${LONGEST} characters` }]);
  const problems: Problem[] = [];
  const words = splitWords(readLetters(text, problems));
  const terms = problems.length > 0 ? [] : words.map((word) => hostTerm(word, problems));
  if (problems.length === 0 && terms.length === 0)
    problems.push({ where: 'selector:1', says: 'names nothing', hint: 'Write "*" for every host.' });
  return problems.length > 0 ? wrong(problems) : { ok: true, value: { text: text.trim(), terms } };
}

function hostTerm(word: readonly Letter[], problems: Problem[]): Term {
  const whole = indexOf(word, '/') < 0 && indexOf(word, ':') < 0 && plainText(word) !== 'group';
  const term = readTerm(whole ? [...word, ...everything(word)] : word, problems);
  if (term.what.kind !== 'everything')
    problems.push({
      where: at(word),
      says: 'names processes, and this is done to whole supervisors',
      hint: 'Write the hosts alone: "web-01", "#prod", "env=stage" or "*".',
    });
  return term;
}

function everything(word: readonly Letter[]): Letter[] {
  const end = word.at(-1)?.at ?? 1;
  return ['/', '*'].map((char) => ({ char, at: end, literal: false }));
}
