import { ANYTHING, compileGlob, type Glob, globMatches, globWithin, type Letter } from './glob.ts';
import type { Host } from './host.ts';
import type { Parsed, Problem } from './problem.ts';

/**
 * A target selector: text that names processes anywhere in the fleet.
 *
 * | text                | names                                                        |
 * |---------------------|--------------------------------------------------------------|
 * | `*`                 | everything                                                   |
 * | `web-01/*`          | everything on that host                                      |
 * | `api:api_00`        | that process, on every host that has it                      |
 * | `api:*`, `api:`     | every process of the groups called api                       |
 * | `group api`         | the same                                                     |
 * | `cron`              | the process cron of the group cron, as in supervisorctl      |
 * | `web-0?/api:*`      | … on hosts whose name fits                                   |
 * | `#prod/worker:*`    | … on hosts with the tag                                      |
 * | `env=stage/api:*`   | … on hosts of the environment                                |
 * | `api:* cron`        | several, parted by spaces or commas: what any of them names  |
 *
 * Every name is a glob: `*` any text, `?` one character, `[a-c]`, `[!a-c]`. A `/` before the first `:` ends
 * the host and that `:` ends the group; a process name may hold more of both. Double quotes take every meaning away
 * from what they enclose, a backslash from the character after it (in quotes it only escapes `"` and `\`):
 * `"my group":"a b/c"`, `web\*:*`.
 */
export interface Selector {
  readonly text: string;
  readonly terms: readonly Term[];
}

export interface Term {
  readonly where: Where;
  readonly what: What;
}

export type Where =
  | { readonly kind: 'anywhere' }
  | { readonly kind: 'host' | 'tag' | 'environment'; readonly glob: Glob };

export type What =
  | { readonly kind: 'everything' }
  | { readonly kind: 'named'; readonly group: Glob; readonly process: Glob }
  /** A name without a colon: the process of that name in the group of the same name. */
  | { readonly kind: 'short'; readonly name: Glob };

/** What a selector is held against. */
export interface Candidate {
  readonly host: Pick<Host, 'name' | 'environment' | 'tags'>;
  readonly group: string;
  readonly process: string;
}

export const LONGEST = 4_096;

/** Returns the selector, or everything that is wrong with the text, each with its position from 1 and a mend. */
export function parseSelector(text: string): Parsed<Selector> {
  if (text.length > LONGEST)
    return wrong([{ where: 'selector', says: `is longer than ${LONGEST} characters` }]);
  const problems: Problem[] = [];
  const words = splitWords(readLetters(text, problems));
  const terms = problems.length > 0 ? [] : readTerms(words, problems);
  if (problems.length === 0 && terms.length === 0)
    problems.push({ where: 'selector:1', says: 'names nothing', hint: 'Write "*" for everything.' });
  return problems.length > 0 ? wrong(problems) : { ok: true, value: { text: text.trim(), terms } };
}

/** Whether any term of the selector names this process. */
export function selects(selector: Selector, candidate: Candidate): boolean {
  return selector.terms.some((term) => standsAt(term.where, candidate.host) && isNamed(term.what, candidate));
}

/** Whether any term of the selector stands at this host. */
export function selectsHost(selector: Selector, host: Candidate['host']): boolean {
  return selector.terms.some((term) => standsAt(term.where, host));
}

/** The place of the first term that names this process; past the last when none does. */
export function termOf(selector: Selector, candidate: Candidate): number {
  const at = selector.terms.findIndex(
    (term) => standsAt(term.where, candidate.host) && isNamed(term.what, candidate),
  );
  return at < 0 ? selector.terms.length : at;
}

function standsAt(where: Where, host: Candidate['host']): boolean {
  switch (where.kind) {
    case 'anywhere':
      return true;
    case 'host':
      return globMatches(where.glob, host.name);
    case 'tag':
      return host.tags.some((tag) => globMatches(where.glob, tag));
    case 'environment':
      return host.environment !== null && globMatches(where.glob, host.environment);
    default:
      return where satisfies never;
  }
}

function isNamed(what: What, { group, process }: Candidate): boolean {
  switch (what.kind) {
    case 'everything':
      return true;
    case 'named':
      return globMatches(what.group, group) && globMatches(what.process, process);
    case 'short':
      return group === process && globMatches(what.name, process);
    default:
      return what satisfies never;
  }
}

/** Whether one term surely names nothing but what another names, on whatever fleet; false where that is not to be seen. */
export function termWithin(narrow: Term, wide: Term): boolean {
  return whereWithin(narrow.where, wide.where) && whatWithin(narrow.what, wide.what);
}

function whereWithin(narrow: Where, wide: Where): boolean {
  if (wide.kind === 'anywhere') return true;
  return narrow.kind === wide.kind && globWithin(narrow.glob, wide.glob);
}

function whatWithin(narrow: What, wide: What): boolean {
  if (wide.kind === 'everything') return true;
  const { group, process } = namesOf(narrow);
  if (wide.kind === 'named') return globWithin(group, wide.group) && globWithin(process, wide.process);
  return narrow.kind === 'short' && globWithin(narrow.name, wide.name);
}

function namesOf(what: What): { readonly group: Glob; readonly process: Glob } {
  if (what.kind === 'everything') return { group: ANYTHING, process: ANYTHING };
  return what.kind === 'named' ? what : { group: what.name, process: what.name };
}

export function wrong(problems: readonly Problem[]): Parsed<Selector> {
  const [first, ...rest] = problems;
  if (first === undefined) throw new Error('a selector is wrong without a problem');
  return { ok: false, problems: [first, ...rest] };
}

export function readLetters(text: string, problems: Problem[]): Letter[] {
  const chars = Array.from(text);
  const letters: Letter[] = [];
  let quote = -1;
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? '';
    const next = chars[i + 1];
    const escapes = char === '\\' && next !== undefined && (quote < 0 || next === '"' || next === '\\');
    if (escapes) letters.push({ char: next, at: ++i, literal: true });
    else if (char === '"') {
      // An empty quoted text still makes a word, so that "" is told as an empty name.
      letters.push({ char: '', at: i + 1, literal: true });
      quote = quote < 0 ? i : -1;
    } else letters.push({ char, at: i + 1, literal: quote >= 0 });
  }
  if (quote >= 0)
    problems.push({
      where: `selector:${quote + 1}`,
      says: 'opens a quote that is not closed',
      hint: 'Add a " at its end.',
    });
  return letters;
}

const isGap = (letter: Letter): boolean => !letter.literal && /[\s,]/.test(letter.char);

export function splitWords(letters: readonly Letter[]): Letter[][] {
  const words: Letter[][] = [[]];
  for (const letter of letters) {
    if (isGap(letter)) words.push([]);
    else words.at(-1)?.push(letter);
  }
  return words.filter((word) => word.length > 0);
}

export const plainText = (word: readonly Letter[]): string | null =>
  word.some((letter) => letter.literal) ? null : word.map((letter) => letter.char).join('');

function readTerms(words: readonly Letter[][], problems: Problem[]): Term[] {
  const terms: Term[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? [];
    const groupName = plainText(word) === 'group' ? words[++i] : undefined;
    if (groupName !== undefined)
      terms.push({
        where: { kind: 'anywhere' },
        what: { kind: 'named', group: glob(groupName, problems), process: ANYTHING },
      });
    else if (plainText(word) === 'group')
      problems.push({
        where: at(word),
        says: '"group" needs a name after it',
        hint: 'Write "group web", or "group:group" for a process called group.',
      });
    else terms.push(readTerm(word, problems));
  }
  return terms;
}

export function readTerm(word: readonly Letter[], problems: Problem[]): Term {
  const marked = word[0]?.literal ? null : /^(#|env=)/.exec(word.map((letter) => letter.char).join(''));
  const slash = marked ? indexOf(word, '/') : slashBeforeColon(word);
  const place = slash < 0 ? [] : word.slice(0, slash);
  const name = word.slice(slash + 1);
  if (slash === 0)
    problems.push({
      where: at(word),
      says: 'has no host before the slash',
      hint: 'Write "*/" for every host.',
    });
  else if (slash < 0 && marked)
    problems.push({
      where: at(word),
      says: 'names hosts, but no processes on them',
      hint: `Write "${plainText(word) ?? ''}/*" for all of them.`,
    });
  else if (slash > 0 && isEmpty(name))
    problems.push({
      where: at(word.slice(slash)),
      says: 'names no process after the slash',
      hint: 'Write "/*" for all of them.',
    });
  return { where: readWhere(place, problems), what: readWhat(name, problems) };
}

function readWhere(place: readonly Letter[], problems: Problem[]): Where {
  if (place.length === 0) return { kind: 'anywhere' };
  const lead = place
    .slice(0, 4)
    .map((letter) => (letter.literal ? '\0' : letter.char))
    .join('');
  if (lead.startsWith('#')) return { kind: 'tag', glob: named(place.slice(1), at(place), 'tag', problems) };
  if (lead === 'env=')
    return { kind: 'environment', glob: named(place.slice(4), at(place), 'environment', problems) };
  return { kind: 'host', glob: glob(place, problems) };
}

function readWhat(name: readonly Letter[], problems: Problem[]): What {
  if (plainText(name) === '*') return { kind: 'everything' };
  const colon = indexOf(name, ':');
  if (colon < 0) return { kind: 'short', name: glob(name, problems) };
  const process = name.slice(colon + 1);
  return {
    kind: 'named',
    group: named(name.slice(0, colon), at(name), 'group', problems),
    process: process.length === 0 ? ANYTHING : glob(process, problems),
  };
}

function named(letters: readonly Letter[], where: string, what: string, problems: Problem[]): Glob {
  if (isEmpty(letters))
    problems.push({ where, says: `has an empty ${what}`, hint: `Write "*" for any ${what}.` });
  return glob(letters, problems);
}

function glob(letters: readonly Letter[], problems: Problem[]): Glob {
  const visible = letters.filter((letter) => letter.char !== '');
  return compileGlob(visible, (stray) => {
    problems.push({
      where: `selector:${stray}`,
      says: 'opens a set that is not closed',
      hint: 'Add a "]", or write "\\[" for the character itself.',
    });
  });
}

function slashBeforeColon(word: readonly Letter[]): number {
  const slash = indexOf(word, '/');
  const colon = indexOf(word, ':');
  return colon >= 0 && colon < slash ? -1 : slash;
}

const isEmpty = (letters: readonly Letter[]): boolean => letters.every((letter) => letter.char === '');
export const at = (letters: readonly Letter[]): string => `selector:${letters[0]?.at ?? 1}`;
export const indexOf = (letters: readonly Letter[], char: string): number =>
  letters.findIndex((letter) => !letter.literal && letter.char === char);
